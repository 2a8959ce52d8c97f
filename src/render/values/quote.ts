import { compareBytes } from './sorted-keys.ts';

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** Characters that Go's unicode.IsPrint accepts: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const PLAIN = /^[ !#-[\]-~]*$/;

/** Characters of a value that an error text of ours quotes at most. */
const MAX_QUOTED = 64;

/** The start of a value as error texts quote it. */
export function clipQuoted(text: string): string {
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED).toWellFormed()}...`;
}

/** Go's %q of a string: double quotes and Go's escapes. `ascii` escapes everything beyond ASCII. */
export function quoteGo(text: string, ascii = false): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const char of text) quoted += char === '"' ? '\\"' : escapeChar(char, ascii);
  return `${quoted}"`;
}

/** Go's %q of a rune. */
export function quoteRune(code: number, ascii = false): string {
  const char = codeToText(code);
  return `'${char === "'" ? "\\'" : escapeChar(char, ascii)}'`;
}

/** The character of a code point; U+FFFD for what is none. */
export function codeToText(code: number): string {
  const isChar = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
  return isChar ? String.fromCodePoint(code) : '\ufffd';
}

/** Whether Go prints the character as it is. */
export function isPrintable(char: string): boolean {
  return PRINTABLE.test(char);
}

/** Go's %#U: `U+0041 'A'`. */
export function describeRune(char: string): string {
  const code = char.codePointAt(0) as number;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrintable(char) ? `${name} '${char}'` : name;
}

function escapeChar(char: string, ascii: boolean): string {
  const short = SHORT[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0) as number;
  if (code >= 0x20 && code < 0x7f) return char;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (!ascii && isPrintable(char)) return char;
  return compareBytes(char, '\uffff') <= 0
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
