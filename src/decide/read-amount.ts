import { MAX_AMOUNT, ONE, type TuneUnit } from '../api/tune-rules.ts';
import { parseQuantity, type Quantity } from '../lib/quantity.ts';

/** How people name what a unit counts. */
const COUNTED: Readonly<Record<TuneUnit, string>> = {
  memory: 'bytes',
  cpu: 'cores',
  number: 'a number',
  integer: 'a number',
};

/** Characters of an input that an error quotes. */
const MAX_QUOTED = 40;

/**
 * Reads an input: a decimal number, also with an exponent, or a quantity with a suffix. Gives billionths. Throws a
 * RangeError where it is no amount of this unit; no memory and no cores are none either.
 */
export function readInput(text: string, unit: TuneUnit): bigint {
  const { nanos, format } = parseFinite(text);
  if (nanos < 0n) throw new RangeError(`${JSON.stringify(text)} is negative`);
  if (nanos > MAX_AMOUNT) throw new RangeError(`${JSON.stringify(text)} is more than any value, 1E`);
  if (format === 'BinarySI' && unit !== 'memory')
    throw new RangeError(`${JSON.stringify(text)} is bytes, not ${COUNTED[unit]}`);
  const isNone = (unit === 'memory' && nanos < ONE) || (unit === 'cpu' && nanos === 0n);
  if (isNone) throw new RangeError(`${JSON.stringify(text)} is no ${COUNTED[unit]} at all`);
  return nanos;
}

/** Reads a value that was decided earlier; undefined where it is none of this unit, as after the unit was changed. */
export function readValue(text: string, unit: TuneUnit): bigint | undefined {
  if (unit === 'number' && !/^\d+(\.\d+)?$/.test(text)) return undefined;
  if (unit === 'integer' && !/^\d+$/.test(text)) return undefined;
  try {
    return readInput(text, unit);
  } catch {
    return undefined;
  }
}

/** The hints of `parseQuantity` are for those who write a quantity, not for those who are given one. */
function parseFinite(text: string): Quantity {
  if (text === '') throw new RangeError('it is empty');
  try {
    return parseQuantity(text);
  } catch (cause) {
    const shown = JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text);
    throw new RangeError(`${shown} is no number and no quantity`, { cause });
  }
}
