import { GoInt, goInt, type IntKind } from '../values/go-number.ts';
import { GoObject } from '../values/go-object.ts';
import { parseFloatText, parseIntText } from '../values/parse-number.ts';
import type { Value } from '../values/value.ts';

/** What Go's conversion gives for a float64 that no int64 can hold. */
const INT64_OUT_OF_RANGE = -(2n ** 63n);
const INT64_LIMIT = 2 ** 63;

/** Any value as a float64, leniently: what is no number is 0. A bigint stays what it is. */
export function castFloat(value: Value): number | bigint {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'string':
      return parseFloatText(value) ?? 0;
    case 'boolean':
      return value ? 1 : 0;
  }
  return value instanceof GoInt ? value.n : castObject(value);
}

/** Any value as a 64-bit integer, leniently: fractions are cut off, what is no number is 0. */
export function castInt(value: Value): number | bigint {
  switch (typeof value) {
    case 'number':
      return truncateFloat(value);
    case 'bigint':
      return goInt(value).n;
    case 'string':
      return parseIntText(trimZeroDecimal(value)) ?? 0;
    case 'boolean':
      return value ? 1 : 0;
  }
  return value instanceof GoInt ? wrap(value.n) : castObject(value);
}

/** Months and days of the week are numbers to a cast; durations, as all else, are not. */
function castObject(value: Value): number {
  return value instanceof GoObject && value.kind === 'int' ? Number(value.integer) : 0;
}

function wrap(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? goInt(value).n : value;
}

/** Any value as a Go integer of a kind. */
export function castGoInt(value: Value, kind: IntKind): GoInt {
  return goInt(castInt(value), kind);
}

function truncateFloat(value: number): number | bigint {
  if (Number.isNaN(value) || Math.abs(value) >= INT64_LIMIT) return INT64_OUT_OF_RANGE;
  const whole = Math.trunc(value) + 0;
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
}

/** `12.00` is read as `12`. */
function trimZeroDecimal(text: string): string {
  return /\.0+$/.test(text) ? text.slice(0, text.lastIndexOf('.')) : text;
}
