import { GoComplex, GoInt } from './go-number.ts';
import type { Value } from './value.ts';

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
  if (Array.isArray(value)) return value.length > 0;
  return hasKeys(value);
}

function hasKeys(map: object): boolean {
  for (const key in map) if (Object.hasOwn(map, key)) return true;
  return false;
}
