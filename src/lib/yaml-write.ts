import { compareKeys } from './compare-keys.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { isOneLinePlain, isPlainString, needsEscape } from './yaml-scalar.ts';

/** How YAML is written. */
export interface WriteOptions {
  /** Sort keys as sigs.k8s.io/yaml does (`a2` before `a10`); otherwise their order is kept. */
  readonly sortKeys?: boolean;
}

interface Writer {
  readonly keysOf: (object: JsonObject) => string[];
  /** The text so far: one join is faster than many additions. */
  readonly parts: string[];
}

/** Columns per level. */
const INDENT = 2;
/** Longer keys need the explicit form: readers look back a bounded number of characters for `:`. */
const LONGEST_SIMPLE_KEY = 128;
/** Strings that Go's reader takes as they are, and other readers of YAML 1.1 or 1.2 don't. */
const OTHERS_RESOLVE = /^(?:=|<<|[-+]?(?:\.\d+|\d+(?:\.\d*)?)[eE][-+]?\d+)$/;
/** What neither quotes nor a block may hold as it is: breaks of YAML 1.1, and spaces that folding eats. */
const NEEDS_DOUBLE = /[\u2028\u2029]/;
/** ASCII lines that end in something that is seen: by far the most blocks, found in one look. */
const PRINTABLE_LINES = /^(?:[ -~]*[!-~]\n)*[ -~]*[!-~]\n?$/;
/** The pattern remembers every line: it is for texts of usual length. */
const MAX_QUICK = 10_000;
const NOT_IN_BLOCK = / \n| $|^\n*$/;
/** Longer than any word that YAML reads as something else. */
const MIN_SAFE = 6;
/** Characters that mean nothing to YAML, by their code. */
const SAFE = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w./-]/.test(String.fromCharCode(code))));
/** Short words are written often, above all as keys; longer ones could be parts of long texts and keep these. */
const MAX_SHORT = 12;
const MAX_WRITTEN = 2000;
const PADDINGS = Array.from({ length: 40 }, (_, indent) => ' '.repeat(indent));
const UNSAFE = /["\\]|[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/**
 * Writes YAML that readers of YAML 1.1 (Go) and 1.2 read back as the very same value: no line is folded,
 * sequences are not indented, texts of several lines are literal blocks where that is safe.
 */
export function stringifyYaml(value: JsonValue, options: WriteOptions = {}): string {
  const writer: Writer = { keysOf: options.sortKeys ? sortedKeys : Object.keys, parts: [] };
  if (isFilled(value)) writeCollection(writer, value, 0);
  else writer.parts.push(writeScalar(value), '\n');
  return writer.parts.join('');
}

/** Writes several documents, each after a `---`; none give no text. */
export function stringifyYamlDocuments(values: readonly JsonValue[], options: WriteOptions = {}): string {
  return values.map((value) => `---\n${stringifyYaml(value, options)}`).join('');
}

/** Writes a collection from the present column on; its further lines begin at `indent`. */
function writeCollection(writer: Writer, value: JsonObject | JsonValue[], indent: number): void {
  const { parts } = writer;
  const pad = padding(indent);
  let lead = '';
  if (Array.isArray(value)) {
    for (const item of value) {
      parts.push(lead, '- ');
      lead = pad;
      if (isFilled(item)) writeCollection(writer, item, indent + INDENT);
      else parts.push(writeScalar(item, indent + INDENT), '\n');
    }
    return;
  }
  for (const key of writer.keysOf(value)) {
    parts.push(lead, writeKey(key, pad), ':');
    lead = pad;
    writeValue(writer, value[key] as JsonValue, indent);
  }
}

/** Most are short, and there already. */
function padding(indent: number): string {
  return PADDINGS[indent] ?? ' '.repeat(indent);
}

/** Behind `key:`; lists stand below their key without indentation, as kubectl writes them. */
function writeValue(writer: Writer, value: JsonValue, indent: number): void {
  if (!isFilled(value)) {
    writer.parts.push(' ', writeScalar(value, indent + INDENT), '\n');
    return;
  }
  const inner = Array.isArray(value) ? indent : indent + INDENT;
  writer.parts.push('\n', padding(inner));
  writeCollection(writer, value, inner);
}

/** Keys never are blocks. */
function writeKey(key: string, pad: string): string {
  const text = isWrittenAsBlock(key) ? quoteDouble(key) : writeString(key);
  return text.length > LONGEST_SIMPLE_KEY ? `? ${text}\n${pad}` : text;
}

/** Without `indent` there is no room for a block, as at the root of a document. */
function writeScalar(value: JsonValue, indent?: number): string {
  if (typeof value === 'string') {
    if (!isWrittenAsBlock(value)) return writeString(value);
    return indent === undefined ? quoteDouble(value) : writeBlock(value, indent);
  }
  if (Array.isArray(value)) return '[]';
  if (isObject(value)) return '{}';
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`${value} is no JSON number`);
  return Object.is(value, -0) ? '0' : String(value);
}

const written = new Map<string, string>();

/** Plain where every reader takes it for the same string, else quoted; short ones are remembered. */
function writeString(text: string): string {
  if (isSafeWord(text)) return text;
  if (text.length > MAX_SHORT) return quoteWhereNeeded(text);
  const known = written.get(text);
  if (known !== undefined) return known;
  const made = quoteWhereNeeded(text);
  if (written.size >= MAX_WRITTEN) written.clear();
  written.set(text, made);
  return made;
}

/** Whether the text is a word that begins with a letter or slash: most are, and a loop is faster than a pattern. */
function isSafeWord(text: string): boolean {
  if (text.length < MIN_SAFE || !/^[A-Za-z/]/.test(text)) return false;
  for (let i = 1; i < text.length; i++) if (SAFE[text.charCodeAt(i)] !== 1) return false;
  return true;
}

function quoteWhereNeeded(text: string): string {
  if (text === '' || /[\r\n]/.test(text) || needsEscape(text) || NEEDS_DOUBLE.test(text))
    return quoteDouble(text);
  if (!isPlainString(text) || OTHERS_RESOLVE.test(text)) return quoteDouble(text);
  return isOneLinePlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

/** Whether a text of several lines is written as a literal block (`|`), without quotes and escapes. */
export function isWrittenAsBlock(text: string): boolean {
  if (!text.includes('\n')) return false;
  if (text.length < MAX_QUICK && PRINTABLE_LINES.test(text)) return true;
  return !NOT_IN_BLOCK.test(text) && !needsEscape(text) && !NEEDS_DOUBLE.test(text);
}

/** A text that begins with blanks needs its indentation written out. */
function writeBlock(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? String(INDENT) : '';
  const chomp = !text.endsWith('\n') ? '-' : text.endsWith('\n\n') ? '+' : '';
  const body = chomp === '-' ? text : text.slice(0, -1);
  const pad = ' '.repeat(indent);
  // Empty lines get no indentation.
  const lines = body.replace(/\n(?!\n|$)/g, `\n${pad}`);
  return `|${hint}${chomp}\n${body.startsWith('\n') ? '' : pad}${lines}`;
}

function quoteDouble(text: string): string {
  return `"${text.toWellFormed().replace(UNSAFE, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  const short = ESCAPES[character];
  if (short) return short;
  const code = character.codePointAt(0) as number;
  if (code > 0xffff) return `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`;
  return code < 0x100
    ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
    : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function isFilled(value: JsonValue): value is JsonObject | JsonValue[] {
  if (Array.isArray(value)) return value.length > 0;
  if (!isObject(value)) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

function sortedKeys(object: JsonObject): string[] {
  return Object.keys(object).sort(compareKeys);
}
