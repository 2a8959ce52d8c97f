import { endOfString, isClosing, isOpening, isQuote } from './json-scan.ts';

/** How deeply a document may nest before it is refused. */
const MAX_DEPTH = 64;

/** Values and keys of a document: what has more takes more memory to hold than the text says. */
const MAX_VALUES = 1_000_000;

/** Every integer of fewer characters is one that a double holds exactly. */
const DOUBTFUL_LENGTH = 16;

/** From where to where something stands in a text. */
export type Span = readonly [start: number, end: number];

/**
 * Looks through a JSON text before it is parsed, and gives the numbers that a double may not hold: long ones, and
 * those with an exponent. Throws a SyntaxError for a text that nests too deeply or has too many values. Linear in the
 * length of the text; what is no JSON gives anything.
 */
export function scanJson(text: string): Span[] {
  const doubtful: Span[] = [];
  let depth = 0;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isClosing(code)) depth--;
    if (!isBeginning(code)) continue;
    if (++values > MAX_VALUES) throw new SyntaxError(`more than ${MAX_VALUES} values and keys`);
    if (isOpening(code)) {
      depth = deepen(depth);
      continue;
    }
    const start = i;
    i = isQuote(code) ? endOfString(text, i) : endOfScalar(text, i);
    if (isDoubtful(text, start, i + 1)) doubtful.push([start, i + 1]);
  }
  return doubtful;
}

function deepen(depth: number): number {
  if (depth === MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
  return depth + 1;
}

/** Whether a character code begins a value or a key. */
function isBeginning(code: number): boolean {
  return isQuote(code) || isOpening(code) || isScalar(code);
}

/** Letters, digits, `+`, `-` and `.`: what numbers, booleans and null are made of. */
function isScalar(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a;
  if (code >= 0x41) return code <= 0x5a;
  return code >= 0x2b && code <= 0x39 && code !== 0x2c && code !== 0x2f;
}

/** Where the number, boolean or null that begins at `start` ends. */
function endOfScalar(text: string, start: number): number {
  let end = start;
  while (end + 1 < text.length && isScalar(text.charCodeAt(end + 1))) end++;
  return end;
}

function isDoubtful(text: string, start: number, end: number): boolean {
  const code = text.charCodeAt(start);
  if (code > 0x39 || isQuote(code)) return false;
  if (end - start >= DOUBTFUL_LENGTH) return true;
  for (let i = start + 1; i < end; i++) if (text.charCodeAt(i) > 0x39) return true;
  return false;
}
