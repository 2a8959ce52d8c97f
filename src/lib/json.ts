import { randomUUID } from 'node:crypto';
import { endOfString, isClosing, isOpening, isQuote } from './json-scan.ts';
import { type Span, scanJson } from './scan-json.ts';

/** What a JSON document can hold here: integers beyond 2^53 are bigint, so that no digit is lost. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;

/** A JSON object. Its keys are data: read them as own properties only. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Digits of a number; reading more takes time that grows with their square. */
const MAX_DIGITS = 1000;

/** Tells a JSON object from arrays and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property of a JSON object; never one that it inherits. */
export function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a key that may be any string, `__proto__` too, as an own property. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The key `__proto__`, as it is or with a letter of it escaped. */
const MAY_NAME_PROTO = /__proto__|\\u00(?:5f|6f|7[024])/i;

/**
 * Parses JSON from outside: integers keep every digit. More than 1,000,000 values and keys, nesting deeper than 64,
 * numbers of more than 1000 digits and the key `__proto__` are refused. Throws a SyntaxError that never quotes the
 * document.
 */
export function parseJson(text: string): JsonValue {
  const doubtful = scanJson(text);
  const value = parsePlain(text);
  const long = doubtful.filter((span) => isLongInteger(text.slice(...span)));
  if (long.length === 0 && !MAY_NAME_PROTO.test(text)) return value;
  // A reviver would be told each number as it is written, too, but takes many times the memory.
  const mark = `${randomUUID()} `;
  return restore(long.length === 0 ? value : parsePlain(markNumbers(text, long, mark)), mark);
}

/** Whether a JSON text has more than so many lists and objects within each other; linear in its length. */
export function nestsDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isQuote(code)) i = endOfString(text, i);
    else if (isOpening(code)) depth++;
    else if (isClosing(code)) depth--;
    if (depth > levels) return true;
  }
  return false;
}

/** Writes JSON with integers of any size and, when asked, with indentation. Key order is kept. */
export function stringifyJson(value: JsonValue, indent?: number): string {
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? rawJson(item) : item), indent);
}

/** Writes JSON with the keys of every object sorted: equal values give equal bytes. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(sortKeys(value));
}

function parsePlain(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new SyntaxError(`not valid JSON${positionOf(error)}`);
  }
}

/** Whether a number is an integer beyond 2^53. Throws for one that is nothing to calculate with. */
function isLongInteger(number: string): boolean {
  if (number.length > MAX_DIGITS) throw new SyntaxError(`a number has more than ${MAX_DIGITS} digits`);
  if (/^-?\d+$/.test(number)) return !Number.isSafeInteger(Number(number));
  if (!Number.isFinite(Number(number))) throw new SyntaxError('a number is too large to be one');
  return false;
}

/** The text with texts in the place of these numbers: the mark, which nobody can know before, and the number. */
function markNumbers(text: string, numbers: readonly Span[], mark: string): string {
  let end = 0;
  const parts = numbers.map(([start, next]) => {
    const part = `${text.slice(end, start)}"${mark}${text.slice(start, next)}"`;
    end = next;
    return part;
  });
  return parts.join('') + text.slice(end);
}

/** The value with its marked numbers. Throws for the key that would be a prototype elsewhere. */
function restore(value: JsonValue, mark: string): JsonValue {
  if (typeof value === 'string') return value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, '__proto__')) throw new SyntaxError('the key "__proto__" is refused');
  const items = value as JsonObject;
  for (const key of Object.keys(items)) items[key] = restore(items[key] as JsonValue, mark);
  return value;
}

function rawJson(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());
}

/** The value with sorted keys, its bigints ready to be written: without a replacer JSON.stringify is much faster. */
function sortKeys(value: JsonValue): unknown {
  if (typeof value === 'bigint') return rawJson(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const keys = Object.keys(value);
  if (!isSorted(keys)) keys.sort();
  const sorted: Record<string, unknown> = {};
  for (const key of keys) setOwn(sorted, key, sortKeys(value[key] as JsonValue));
  return sorted;
}

function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  }
  return true;
}

function positionOf(error: unknown): string {
  const at = /at position (\d+)/.exec((error as Error).message);
  return at ? ` (at character ${at[1]})` : '';
}
