import { trimEndOf } from '../../lib/trim-end.ts';
import { byteLength, sliceBytes } from '../values/byte-string.ts';
import { formatValue } from '../values/format-value.ts';
import { quoteGo } from '../values/quote.ts';
import { createMap, type NumberMode, type Value, withElementType } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { toTexts } from './list-items.ts';
import { checkItemCount, checkTextSize, joinTexts, MAX_ITEMS, repeatText } from './size.ts';
import { SPACES } from './white-space.ts';

const FIRST_SPACES = new RegExp(`^[${SPACES}]+`);

/** Sprig's functions that cut, join and test texts. Lengths and offsets count bytes, as in Go. */
export function stringFunctions(mode: NumberMode): FunctionDef[] {
  const show = (value: Value) => formatValue(value, mode);
  return [
    fn('trim', '(string) -> string', trimSpace, 'keeps'),
    fn('trimAll', '(string, string) -> string', trimCutset),
    fn('trimall', '(string, string) -> string', trimCutset),
    fn('trimSuffix', '(string, string) -> string', trimSuffix, 'keeps'),
    fn('trimPrefix', '(string, string) -> string', trimPrefix, 'keeps'),
    fn('trunc', '(int, string) -> string', trunc),
    fn('substr', '(int, int, string) -> string', substr),
    fn('repeat', '(int, string) -> string', (count: number, text: string) => repeatText(text, count)),
    fn('contains', '(string, string) -> bool', (part: string, text: string) => text.includes(part)),
    fn('hasPrefix', '(string, string) -> bool', (part: string, text: string) => text.startsWith(part)),
    fn('hasSuffix', '(string, string) -> bool', (part: string, text: string) => text.endsWith(part)),
    fn('replace', '(string, string, string) -> string', replaceAll),
    fn(
      'quote',
      '(...any) -> string',
      (...values: Value[]) => quoteAll(values, (value) => quoteGo(show(value))),
      'quotes',
    ),
    fn(
      'squote',
      '(...any) -> string',
      (...values: Value[]) => quoteAll(values, (value) => `'${show(value)}'`),
      'quotes',
    ),
    fn('cat', '(...any) -> string', (...values: Value[]) => quoteAll(values, show)),
    fn('indent', '(int, string) -> string', indent, 'keeps'),
    fn(
      'nindent',
      '(int, string) -> string',
      (width: number, text: string) => `\n${indent(width, text)}`,
      'keeps',
    ),
    fn('plural', '(string, string, int) -> string', (one: string, many: string, count: number) => {
      return count === 1 ? one : many;
    }),
    fn('toString', '(any) -> string', show),
    fn('toStrings', '(any) -> list', (value: Value) => withElementType(toTexts(value, mode), 'string')),
    fn('join', '(string, any) -> string', (separator: string, value: Value) =>
      joinTexts(toTexts(value, mode), separator),
    ),
    fn('split', '(string, string) -> map', (separator: string, text: string) =>
      numberParts(splitText(separator, text)),
    ),
    fn('splitn', '(string, int, string) -> map', (separator: string, count: number, text: string) => {
      return numberParts(splitCount(separator, count, text));
    }),
    fn('splitList', '(string, string) -> list', (separator: string, text: string) => {
      return withElementType(splitText(separator, text), 'string');
    }),
  ];
}

/** Go's strings.Split; an empty separator splits into characters. */
function splitText(separator: string, text: string): string[] {
  if (separator === '') {
    checkItemCount(Math.ceil(text.length / 2));
    return [...text];
  }
  const parts = text.split(separator, MAX_ITEMS + 1);
  checkItemCount(parts.length);
  return parts;
}

function splitCount(separator: string, count: number, text: string): string[] {
  if (count === 0) return [];
  const parts = splitText(separator, text);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

function numberParts(parts: readonly string[]): Value {
  return withElementType(createMap(parts.map((part, i) => [`_${i}`, part] as const)), 'string');
}

function trimSpace(text: string): string {
  return trimEndOf(text, SPACES).replace(FIRST_SPACES, '');
}

function trimCutset(cutset: string, text: string): string {
  const cut = new Set(cutset);
  let start = 0;
  for (const char of text) {
    if (!cut.has(char)) break;
    start += char.length;
  }
  let end = text.length;
  while (end > start) {
    const char = characterBefore(text, end);
    if (!cut.has(char)) break;
    end -= char.length;
  }
  return text.slice(start, end);
}

function characterBefore(text: string, end: number): string {
  const code = text.charCodeAt(end - 1);
  const isPair = code >= 0xdc00 && code < 0xe000 && (text.codePointAt(end - 2) ?? 0) > 0xffff;
  return text.slice(isPair ? end - 2 : end - 1, end);
}

function trimSuffix(suffix: string, text: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function trimPrefix(prefix: string, text: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function trunc(count: number, text: string): string {
  const length = byteLength(text);
  if (count < 0) return length + count > 0 ? sliceBytes(text, length + count, length) : text;
  return length > count ? sliceBytes(text, 0, count) : text;
}

function substr(start: number, end: number, text: string): string {
  const length = byteLength(text);
  const from = Math.max(0, start);
  const to = start >= 0 && (end < 0 || end > length) ? length : end;
  if (to > length) throw new Error(`runtime error: slice bounds out of range [:${to}] with length ${length}`);
  if (to < 0) throw new Error(`runtime error: slice bounds out of range [:${to}]`);
  if (from > to) throw new Error(`runtime error: slice bounds out of range [${from}:${to}]`);
  return sliceBytes(text, from, to);
}

function replaceAll(old: string, replacement: string, text: string): string {
  if (old === '') {
    checkTextSize(text.length + (text.length + 1) * replacement.length);
    const characters = [...text];
    return replacement + characters.map((char) => char + replacement).join('');
  }
  if (replacement.length > old.length) {
    checkTextSize((text.length / old.length) * replacement.length + text.length);
  }
  return text.split(old).join(replacement);
}

function quoteAll(values: readonly Value[], quote: (value: Value) => string): string {
  return joinTexts(values.filter((value) => value !== null && value !== undefined).map(quote), ' ');
}

function indent(width: number, text: string): string {
  const lines = text.split('\n');
  const padding = repeatText(' ', width);
  checkTextSize(text.length + padding.length * lines.length);
  return padding + lines.join(`\n${padding}`);
}
