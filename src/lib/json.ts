import { endOfString, isClosing, isOpening, isQuote } from './json-scan.ts';

/** What a JSON document can hold here: integers beyond 2^53 are bigint, so that no digit is lost. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;

/** A JSON object. Its keys are data: read them as own properties only. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** How deeply a document may nest before it is refused. */
const MAX_DEPTH = 64;

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

/**
 * Parses JSON from outside: integers keep every digit, nesting deeper than 64, numbers of more than 1000 digits
 * and the key `__proto__` are refused. Throws a SyntaxError that never quotes the document.
 */
export function parseJson(text: string): JsonValue {
  checkDepth(text);
  let value: JsonValue;
  try {
    value = JSON.parse(text, revive) as JsonValue;
  } catch (error) {
    if (error instanceof RefusedError) throw new SyntaxError(error.message);
    throw new SyntaxError(`not valid JSON${positionOf(error)}`);
  }
  return value;
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

class RefusedError extends Error {}

function revive(this: unknown, key: string, value: JsonValue, context?: { source?: string }): JsonValue {
  if (key === '__proto__') throw new RefusedError('the key "__proto__" is refused');
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  if (source.length > MAX_DIGITS) throw new RefusedError(`a number has more than ${MAX_DIGITS} digits`);
  if (/^-?\d+$/.test(source)) return BigInt(source);
  if (!Number.isFinite(value)) throw new RefusedError('a number is too large to be one');
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

function checkDepth(text: string): void {
  if (nestsDeeper(text, MAX_DEPTH)) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
}
