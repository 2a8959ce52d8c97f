import type { JsonValue } from './json.ts';

/** What sigs.k8s.io/yaml (YAML 1.1) reads from plain scalars that are words. */
const WORDS: ReadonlyMap<string, JsonValue> = new Map([
  ...spellings(true, 'y', 'yes', 'true', 'on'),
  ...spellings(false, 'n', 'no', 'false', 'off'),
  ...spellings(null, '', '~', 'null'),
]);

const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** A float that begins with a point may hold single underscores between digits. */
const POINT_FLOAT = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
/** Go cuts the prefix and reads the rest, so that a sign may follow it. */
const SIGNED_BINARY = /^0b([-+])([01]+)$/;
const SEXAGESIMAL = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt](?:1?\d|0\d|2[0-3]):[0-5]?\d:[0-5]?\d(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)| +(?:1?\d|0\d|2[0-3]):[0-5]?\d:[0-5]?\d(?:[.,]\d+)?)?$/;

/** Characters of a number; reading more takes time that grows with their square. */
const MAX_DIGITS = 1000;

const LARGEST = 2n ** 64n - 1n;
const SMALLEST = -(2n ** 63n);

/** What a plain scalar can't begin with, or hold, inside a block of YAML 1.1. */
const NOT_PLAIN =
  /^(?:[#,[\]{}&*!|>'"%@`]|[-?:](?:[ \t]|$)|---|\.\.\.| )|:(?:[ \t]|$)|[ \t]#| $|[\r\n\u0085\u2028\u2029]/;
/** What sigs.k8s.io/yaml writes as an escape: control characters, byte order mark, beyond the first plane. */
const ESCAPED = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/**
 * The value that sigs.k8s.io/yaml gives a plain scalar: `yes` is true, `010` is 8, a date stays a string.
 * Integers beyond 2^53 are bigint. Throws a RangeError for infinity and NaN, which JSON can't hold, and for
 * integers of more than 1000 digits.
 */
export function resolvePlainScalar(text: string): JsonValue {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (isNotFinite(text)) throw new RangeError(`${text} is no number that JSON can hold; quote it`);
  if (text.startsWith('.')) return POINT_FLOAT.test(text) ? resolveFloat(text) : text;
  return /^[-+\d]/.test(text) ? resolveNumber(text) : text;
}

/** Whether the text is one of YAML's spellings of infinity and NaN. */
export function isNotFinite(text: string): boolean {
  return NOT_FINITE.test(text);
}

/** Whether sigs.k8s.io/yaml writes this string as a plain scalar, without quotes and on one line. */
export function isWrittenPlain(text: string): boolean {
  return isOneLinePlain(text) && !ESCAPED.test(text) && isPlainString(text);
}

/** Whether a reader takes the text, behind `key: `, for one plain scalar that ends where the text ends. */
export function isOneLinePlain(text: string): boolean {
  return text !== '' && !NOT_PLAIN.test(text);
}

/** Whether the text has characters that need an escape in YAML. */
export function needsEscape(text: string): boolean {
  return ESCAPED.test(text);
}

/** Whether the text stays a string when it is written without quotes. */
export function isPlainString(text: string): boolean {
  if (isNotFinite(text) || SEXAGESIMAL.test(text) || isTimestamp(text)) return false;
  if (isLongInteger(text.replaceAll('_', ''))) return false;
  return typeof resolvePlainScalar(text) === 'string';
}

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function resolveNumber(text: string): JsonValue {
  const digits = text.replaceAll('_', '');
  const integer = readInteger(digits);
  if (integer !== undefined) return integer;
  return FLOAT.test(digits) ? resolveFloat(digits, text) : text;
}

function resolveFloat(digits: string, text = digits): JsonValue {
  // Adding 0 makes the negative zero, which JSON tells apart only by its sign, a plain one.
  const value = Number(digits.replaceAll('_', '')) + 0;
  return Number.isFinite(value) ? value : text;
}

function isLongInteger(digits: string): boolean {
  return digits.length > MAX_DIGITS && (INTEGER.test(digits) || SIGNED_BINARY.test(digits));
}

function readInteger(digits: string): number | bigint | undefined {
  if (isLongInteger(digits))
    throw new RangeError(`a number has more than ${MAX_DIGITS} digits; quote it if it is a text`);
  const match = INTEGER.exec(digits);
  if (!match) {
    const binary = SIGNED_BINARY.exec(digits);
    return binary ? narrow(binary[1], BigInt(`0b${binary[2]}`)) : undefined;
  }
  const [, sign, hex, binary, octal, decimal] = match;
  if (decimal !== undefined) return narrow(sign, BigInt(decimal));
  const prefixed = hex ? `0x${hex}` : binary ? `0b${binary}` : `0o${octal}`;
  const value = narrow(sign, BigInt(prefixed));
  return value > LARGEST || value < SMALLEST ? undefined : value;
}

function narrow(sign: string | undefined, magnitude: bigint): number | bigint {
  const value = sign === '-' ? -magnitude : magnitude;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Lower case, capitalised and upper case, as YAML 1.1 knows its words. */
function spellings(value: JsonValue, ...words: string[]): [string, JsonValue][] {
  return words.flatMap((word) => [
    [word, value],
    [word.charAt(0).toUpperCase() + word.slice(1), value],
    [word.toUpperCase(), value],
  ]);
}
