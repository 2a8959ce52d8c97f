import {
  formatInUnit,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityToNumber,
  roundUpQuantity,
} from '../../lib/quantity.ts';
import { GoInt } from '../values/go-number.ts';
import { kindName, type Value } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';

const ONE: Quantity = { nanos: 1_000_000_000n, format: 'DecimalSI' };

/**
 * Our functions on Kubernetes quantities. All take numbers, numbers as Prometheus writes them (`1.2345678e+06`)
 * and quantities; arithmetic is exact to a billionth, and what lies below that is rounded away from zero.
 */
export function quantityFunctions(): FunctionDef[] {
  return [
    fn('quantity', '(any) -> string', (value: Value) => formatQuantity(readAmount(value))),
    fn('bytes', '(any) -> any', (value: Value) => quantityToNumber(roundUpQuantity(readAmount(value), ONE))),
    fn('fromQuantity', '(any) -> any', (value: Value) => quantityToNumber(readAmount(value))),
    fn('toQuantity', '(string, any) -> string', (unit: string, value: Value) => {
      return formatInUnit(readAmount(value), unit);
    }),
    fn('roundUp', '(any, any) -> any', roundUp),
  ];
}

/** The least multiple of the step that is not below the value: a number for a plain number, else a quantity. */
function roundUp(step: Value, value: Value): Value {
  const size = readAmount(step);
  if (size.nanos <= 0n) throw new RangeError('the step must be above zero: write roundUp "16Mi" VALUE');
  const rounded = roundUpQuantity(readAmount(value), size);
  return isPlainNumber(step) ? quantityToNumber(rounded) : formatQuantity(rounded);
}

/** A value as an amount. An exponent belongs to the number and not to the way the result is written. */
function readAmount(value: Value): Quantity {
  const amount = parseQuantity(amountText(value));
  return amount.format === 'DecimalExponent' ? { ...amount, format: 'DecimalSI' } : amount;
}

function amountText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof GoInt) return String(value);
  const found = value === null || value === undefined ? 'nil' : `a ${kindName(value)}`;
  throw new RangeError(`expected a number or a quantity such as 128Mi, not ${found}`);
}

function isPlainNumber(step: Value): boolean {
  return typeof step !== 'string' || /\d\.?$/.test(step);
}
