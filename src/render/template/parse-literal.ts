import { parseBigInt, parseFloatText } from '../values/parse-number.ts';
import { quoteGo } from '../values/quote.ts';
import type { NumberNode } from './tree.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** A text with escapes is read character by character, and no longer than this. */
const MAX_ESCAPED = 256 * 1024;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/** The string that a quoted or raw literal stands for; undefined when its escapes are wrong. */
export function unquote(source: string): string | undefined {
  const quote = source[0];
  if (quote === '`') return source.slice(1, -1).replaceAll('\r', '');
  if (!source.includes('\\') && source.indexOf(quote as string, 1) === source.length - 1)
    return source.slice(1, -1);
  if (source.length > MAX_ESCAPED) return undefined;
  const bytes: (string | number)[] = [];
  let at = 1;
  while (at < source.length - 1) {
    const char = readChar(source, at, quote as string);
    if (char === undefined) return undefined;
    bytes.push(char.value);
    at = char.next;
  }
  return joinBytes(bytes);
}

/** Reads a number as Go does; a string is the reason why it is none. */
export function parseNumber(source: string, pos: number, isComplex: boolean): NumberNode | string {
  const node = { type: 'number', pos, source } as const;
  if (source.startsWith("'")) {
    const char = readChar(source, 1, "'");
    if (char === undefined) return 'invalid syntax';
    if (char.next !== source.length - 1) return `malformed character constant: ${source}`;
    const code = typeof char.value === 'number' ? char.value : (char.value.codePointAt(0) as number);
    return { ...node, int: BigInt(code), uint: BigInt(code), float: code };
  }
  if (isComplex) return parseComplex(node);
  if (source.endsWith('i')) {
    const imaginary = parseFloatText(source.slice(0, -1));
    if (imaginary !== undefined) return withComplex(node, 0, imaginary);
  }
  return parseReal(node);
}

function parseReal(node: { type: 'number'; pos: number; source: string }): NumberNode | string {
  const { source } = node;
  const readings = integerReadings(source);
  if (readings !== undefined) return { ...node, ...readings };
  const float = parseFloatText(source);
  if (float === undefined) return `illegal number syntax: ${quoteGo(source)}`;
  if (!/[.eEpP]/.test(source)) return `integer overflow: ${quoteGo(source)}`;
  return { ...node, float, ...wholeReadings(float) };
}

/** An integer literal as int64 and uint64, whichever hold it; an unsigned one is written without a sign. */
function integerReadings(source: string): Pick<NumberNode, 'int' | 'uint' | 'float'> | undefined {
  const integer = parseBigInt(source);
  if (integer === undefined) return undefined;
  const isSigned = integer >= MIN_INT64 && integer <= MAX_INT64;
  const isBare = integer === 0n || !/^[+-]/.test(source);
  const isUnsigned = isBare && integer >= 0n && integer <= MAX_UINT64;
  if (!isSigned && !isUnsigned) return undefined;
  const int = isSigned ? { int: integer } : {};
  return { ...int, ...(isUnsigned ? { uint: integer } : {}), float: Number(integer) };
}

function parseComplex(node: { type: 'number'; pos: number; source: string }): NumberNode | string {
  const match = /^([+-]?.*?[^eEpP])([+-].*)i$/.exec(node.source);
  const re = match ? parseFloatText(match[1] as string) : undefined;
  const im = match ? parseFloatText(match[2] as string) : undefined;
  if (re === undefined || im === undefined) return 'syntax error scanning complex number';
  return withComplex(node, re, im);
}

function withComplex(
  node: { type: 'number'; pos: number; source: string },
  re: number,
  im: number,
): NumberNode {
  const readings = im === 0 ? { float: re, ...wholeReadings(re) } : {};
  return { ...node, complex: [re, im], ...readings };
}

/** A float that is a whole number may also be used as an integer. */
function wholeReadings(float: number): { int?: bigint; uint?: bigint } {
  if (!Number.isInteger(float)) return {};
  const whole = BigInt(float);
  const int = whole >= MIN_INT64 && whole <= MAX_INT64 ? { int: whole } : {};
  const uint = whole >= 0n && whole <= MAX_UINT64 ? { uint: whole } : {};
  return { ...int, ...uint };
}

/** One character of a literal: text, or a byte when it was written as `\xNN` or `\NNN`. */
function readChar(source: string, at: number, quote: string) {
  const char = source[at] as string;
  if (char === quote || char === undefined) return undefined;
  if (char !== '\\') {
    const text = String.fromCodePoint(source.codePointAt(at) as number);
    return { value: text as string | number, next: at + text.length };
  }
  return readEscape(source, at + 1, quote);
}

function readEscape(source: string, at: number, quote: string) {
  const letter = source[at] as string;
  const short = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (short !== undefined) {
    const isOtherQuote = (letter === "'" || letter === '"') && letter !== quote;
    return isOtherQuote ? undefined : { value: short as string | number, next: at + 1 };
  }
  const octal = /^[0-7]{3}/.exec(source.slice(at, at + 3));
  if (octal) {
    const byte = Number.parseInt(octal[0], 8);
    return byte > 255 ? undefined : { value: byte as string | number, next: at + 3 };
  }
  return readHexEscape(source, at, letter);
}

function readHexEscape(source: string, at: number, letter: string) {
  const length = { x: 2, u: 4, U: 8 }[letter];
  if (length === undefined) return undefined;
  const digits = source.slice(at + 1, at + 1 + length);
  if (digits.length !== length || !/^[\da-fA-F]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  const next = at + 1 + length;
  if (letter === 'x') return { value: code as string | number, next };
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
  return { value: String.fromCodePoint(code) as string | number, next };
}

/** Bytes that were written one by one may together be UTF-8. */
function joinBytes(parts: readonly (string | number)[]): string {
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))),
  ).toString();
}
