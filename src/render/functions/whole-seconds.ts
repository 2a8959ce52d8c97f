import { GoInt } from '../values/go-number.ts';
import type { NumberMode, Value } from '../values/value.ts';

/**
 * A value as a whole number where Sprig takes Go's int or int64. Under exact numbers any number without a fraction
 * is one; undefined for everything else.
 */
export function wholeSeconds(value: Value, mode: NumberMode): bigint | undefined {
  if (value instanceof GoInt) {
    return mode !== 'exact' && value.kind.startsWith('uint') ? undefined : BigInt(value.n);
  }
  if (mode !== 'exact') return undefined;
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  return isWhole ? BigInt.asIntN(64, BigInt(value)) : undefined;
}
