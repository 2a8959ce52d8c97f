import { styleOf } from './scalar-style.ts';
import {
  checkLength,
  closeToken,
  isWide,
  put,
  putBreak,
  putIndent,
  putIndicator,
  type YamlOutput,
} from './yaml-output.ts';

/** Where a string stands. */
interface ScalarPlace {
  /** Of its further lines. */
  readonly indent: number;
  /** Whether it is a key on one line: such are never folded. */
  readonly isKey: boolean;
}

const BYTE_ORDER_MARK = '\ufeff';
/** Line breaks of YAML 1.1 that stand in single quotes as they are. */
const BREAKS = /([\u2028\u2029]+)/;
/** A line break of a block before a line that isn't empty. */
const LINE_BEGIN = /[\n\u2028\u2029](?![\n\u2028\u2029]|$)/g;
/** A merge key, and line breaks of YAML 1.1 that are none in YAML 1.2. */
const DISPUTED = /^<<$|[\u2028\u2029]/;
const ESCAPED = /[^\x20\x21\x23-\x5b\x5d-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '\\0'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\x1b', '\\e'],
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\u0085', '\\N'],
  ['\u00a0', '\\_'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

/** Writes a string in the style and with the line breaks that sigs.k8s.io/yaml gives it. */
export function writeString(out: YamlOutput, text: string, place: ScalarPlace): void {
  const style = out.isPortable && DISPUTED.test(text) ? 'double' : styleOf(text);
  if (style === 'plain') writePlain(out, text, place);
  else if (style === 'single') writeSingle(out, text, place);
  else if (style === 'double') writeDouble(out, text, place);
  else writeLiteral(out, text, place.indent);
}

/** Writes a number, boolean or null, or a string that needs no quotes. */
export function writePlain(out: YamlOutput, text: string, place: ScalarPlace): void {
  if (!out.isBlank) put(out, ' ');
  putFolded(out, text, place);
  closeToken(out);
}

function writeSingle(out: YamlOutput, text: string, place: ScalarPlace): void {
  putIndicator(out, "'");
  closeToken(out);
  for (const part of text.replaceAll("'", "''").split(BREAKS)) {
    if (part === '') continue;
    if (BREAKS.test(part)) {
      putBreak(out, part);
      out.isFresh = true;
      continue;
    }
    if (out.column === 0) putIndent(out, place.indent);
    putFolded(out, part, place);
  }
  put(out, "'");
  closeToken(out);
}

/** One line, broken at spaces where it has grown too long; where a second space follows only if `isQuoted`. */
function putFolded(out: YamlOutput, text: string, { indent, isKey }: ScalarPlace, isQuoted = false): void {
  let start = 0;
  for (let at = text.indexOf(' ', 1); at >= 0 && !isKey; at = text.indexOf(' ', at + 1)) {
    if (!isWide(out, at - start) || text[at - 1] === ' ') continue;
    const isPair = text[at + 1] === ' ';
    if (at === text.length - 1 || (isPair && !isQuoted)) continue;
    put(out, text.slice(start, at));
    out.isFresh = false;
    putIndent(out, indent);
    // Reading drops spaces that begin a line, but for those behind a backslash.
    if (isPair) put(out, '\\');
    start = at + 1;
  }
  put(out, text.slice(start));
}

function writeDouble(out: YamlOutput, text: string, place: ScalarPlace): void {
  putIndicator(out, '"');
  putFolded(out, escapeText(text), place, true);
  put(out, '"');
  closeToken(out);
}

/** Throws when escapes make the text too large. */
function escapeText(text: string): string {
  // Go's emitter takes all characters of such a text for byte order marks.
  const escaped = text.startsWith(BYTE_ORDER_MARK) ? /./gsu : ESCAPED;
  let size = text.length;
  return text.replace(escaped, (character) => {
    const written = escapeCharacter(character);
    size += written.length;
    checkLength(size);
    return written;
  });
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  const code = character.codePointAt(0) as number;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

/** A text that begins with blanks needs its indentation written out. */
function writeLiteral(out: YamlOutput, text: string, indent: number): void {
  const hint = /^[ \n\u2028\u2029]/.test(text) ? '2' : '';
  putIndicator(out, `|${hint}${chompingOf(text)}`);
  putBreak(out);
  const pad = ' '.repeat(indent);
  checkLength(text.length + countLines(text) * indent);
  put(out, (/^[\n\u2028\u2029]/.test(text) ? '' : pad) + text.replace(LINE_BEGIN, `$&${pad}`));
  out.isBlank = true;
  out.isFresh = /[\n\u2028\u2029]$/.test(text);
  if (out.isFresh) out.column = 0;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Strip, keep or clip, by the line breaks at the end. */
function chompingOf(text: string): string {
  if (!/[\n\u2028\u2029]$/.test(text)) return '-';
  return text.length === 1 || /[\n\u2028\u2029]{2}$/.test(text) ? '+' : '';
}
