import { GoComplex, GoInt } from './go-number.ts';
import { GoObject } from './go-object.ts';
import { spend } from './meter.ts';
import type { Value } from './value.ts';

/** What a look into a map is counted as: its size is not known before. */
const MAP_UNITS = 5000;

/** Whether a value is true for if, with, and, or, not: everything but false, zero, nil and what is empty. */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    case 'undefined':
      return false;
  }
  if (value === null) return false;
  if (value instanceof GoInt) return value.n !== 0;
  if (value instanceof GoComplex) return value.re !== 0 || value.im !== 0;
  if (value instanceof GoObject) return value.integer !== 0n;
  if (Array.isArray(value)) return value.length > 0;
  return hasKeys(value);
}

/** Finding the first key of a large map takes as long as listing all. */
function hasKeys(map: object): boolean {
  spend(MAP_UNITS);
  for (const key in map) if (Object.hasOwn(map, key)) return true;
  return false;
}
