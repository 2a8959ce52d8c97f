import {
  addDecimals,
  type Decimal,
  divideDecimals,
  fromDecimal,
  multiplyDecimals,
  subtractDecimals,
  toDecimal,
} from '../values/decimal.ts';
import { formatValue } from '../values/format-value.ts';
import { goInt } from '../values/go-number.ts';
import { powerOfTen } from '../values/power-of-ten.ts';
import { type NumberMode, type Value, withElementType } from '../values/value.ts';
import { castFloat, castGoInt, castInt } from './casts.ts';
import { aliases, type FunctionDef, fn, type Implementation } from './function-def.ts';
import { checkItemCount } from './size.ts';

type Decide = (a: Decimal, b: Decimal) => Decimal;
type Combine = (a: bigint, b: bigint) => bigint;

/** Sprig's conversions and arithmetic: integers are 64 bits wide, the `f` family is decimal. */
export function mathFunctions(mode: NumberMode): FunctionDef[] {
  const decimal = (combine: Decide) => decimalFunction(combine, mode);
  return [
    fn('int', '(any) -> int', (value: Value) => castGoInt(value, 'int')),
    fn('int64', '(any) -> int64', (value: Value) => castGoInt(value, 'int64')),
    fn('float64', '(any) -> float64', (value: Value) => toFloat(value, mode)),
    fn('toDecimal', '(any) -> int64', (value: Value) => octal(formatValue(value, mode))),
    fn('atoi', '(string) -> int', atoi),
    fn('add1', '(any) -> int64', (value: Value) => addInts([value, goInt(1)])),
    fn('add', '(...any) -> int64', (...values: Value[]) => addInts(values)),
    fn(
      'sub',
      '(any, any) -> int64',
      integer((a, b) => a - b),
    ),
    fn(
      'mul',
      '(any, ...any) -> int64',
      integer((a, b) => BigInt.asIntN(64, a * b)),
    ),
    fn('div', '(any, any) -> int64', integer(divide)),
    fn('mod', '(any, any) -> int64', integer(remainder)),
    ...aliases(['max', 'biggest'], '(any, ...any) -> int64', integer(larger)),
    fn('min', '(any, ...any) -> int64', integer(smaller)),
    fn('add1f', '(any) -> float64', (value: Value) => decimal(addDecimals)(value, 1)),
    fn('addf', '(...any) -> float64', (...values: Value[]) => decimal(addDecimals)(0, ...values)),
    fn('subf', '(any, ...any) -> float64', decimal(subtractDecimals)),
    fn('mulf', '(any, ...any) -> float64', multiplier(mode, decimal(multiplyDecimals))),
    fn('divf', '(any, ...any) -> float64', decimal(divideDecimals)),
    fn('maxf', '(any, ...any) -> float64', (...values: Value[]) => Math.max(...values.map(plainFloat))),
    fn('minf', '(any, ...any) -> float64', (...values: Value[]) => Math.min(...values.map(plainFloat))),
    fn('ceil', '(any) -> float64', (value: Value) => wholeOr(value, mode, Math.ceil)),
    fn('floor', '(any) -> float64', (value: Value) => wholeOr(value, mode, Math.floor)),
    fn('round', '(any, int, ...float64) -> float64', (value: Value, places: number, on?: number) => {
      return round(value, places, on ?? 0.5, mode);
    }),
    fn('until', '(int) -> list', (count: number) => untilStep(0, count, count < 0 ? -1 : 1)),
    fn('untilStep', '(int, int, int) -> list', untilStep),
    fn('seq', '(...int) -> string', (...bounds: number[]) => sequence(bounds)),
  ];
}

/** Combines 64-bit integers from left to right; the result wraps as Go's does. */
function integer(combine: Combine): Implementation {
  return (first: Value, ...rest: Value[]) => {
    let result = BigInt(castInt(first));
    for (const value of rest) result = combine(result, BigInt(castInt(value)));
    return goInt(result, 'int64');
  };
}

function addInts(values: readonly Value[]): Value {
  let small = 0;
  for (const value of values) {
    const n = castInt(value);
    if (typeof n === 'bigint') return addBigInts(values);
    small += n;
  }
  return Number.isSafeInteger(small) ? goInt(small, 'int64') : addBigInts(values);
}

function addBigInts(values: readonly Value[]): Value {
  return goInt(
    values.reduce((sum: bigint, value) => sum + BigInt(castInt(value)), 0n),
    'int64',
  );
}

function divide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new Error('runtime error: integer divide by zero');
  return a / b;
}

function remainder(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new Error('runtime error: integer divide by zero');
  return a % b;
}

function larger(a: bigint, b: bigint): bigint {
  return b > a ? b : a;
}

function smaller(a: bigint, b: bigint): bigint {
  return b < a ? b : a;
}

/** Combines numbers as decimals from left to right, so that 0.1 + 0.2 is 0.3. */
function decimalFunction(combine: Decide, mode: NumberMode) {
  return (first: Value, ...rest: Value[]): Value => {
    let result = toDecimal(castMode(first, mode));
    for (const value of rest) result = combine(result, toDecimal(castMode(value, mode)));
    return fromDecimal(result, mode === 'exact');
  };
}

const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** mulf of two short numbers needs no bigint: their digits fit a double. */
function multiplier(mode: NumberMode, general: (first: Value, ...rest: Value[]) => Value) {
  return (first: Value, ...rest: Value[]): Value => {
    if (rest.length !== 1) return general(first, ...rest);
    const a = shortDecimal(castMode(first, mode));
    const b = a && shortDecimal(castMode(rest[0], mode));
    if (a === undefined || b === undefined) return general(first, ...rest);
    const product = a.digits * b.digits;
    const power = POWERS[a.decimals + b.decimals];
    return Number.isSafeInteger(product) && power !== undefined
      ? product / power + 0
      : general(first, ...rest);
  };
}

function shortDecimal(value: number | bigint): { digits: number; decimals: number } | undefined {
  if (typeof value === 'bigint') return undefined;
  if (Number.isSafeInteger(value)) return { digits: value, decimals: 0 };
  const text = `${value}`;
  const point = text.indexOf('.');
  if (point < 0 || text.length > 15 || text.includes('e')) return undefined;
  return { digits: Number(text.slice(0, point) + text.slice(point + 1)), decimals: text.length - point - 1 };
}

/** A number under a number mode: only exact numbers keep integers beyond 2^53. */
function castMode(value: Value, mode: NumberMode): number | bigint {
  if (mode !== 'exact') return Number(castFloat(value));
  if (typeof value === 'string' && /^[+-]?\d{16,400}$/.test(value)) return BigInt(value.replace(/^\+/, ''));
  return castFloat(value);
}

function plainFloat(value: Value): number {
  return Number(castFloat(value));
}

function toFloat(value: Value, mode: NumberMode): Value {
  const number = castMode(value, mode);
  return typeof number === 'bigint' && Number.isSafeInteger(Number(number)) ? Number(number) : number;
}

function wholeOr(value: Value, mode: NumberMode, apply: (value: number) => number): Value {
  const number = castMode(value, mode);
  return typeof number === 'bigint' ? number : apply(number);
}

/** Sprig's rounding: the fraction decides by its sign too, so negative numbers go away from zero. */
function round(value: Value, places: number, on: number, mode: NumberMode): Value {
  const number = castMode(value, mode);
  if (typeof number === 'bigint' && places >= 0) return number;
  const power = powerOfTen(places);
  const digits = power * Number(number);
  const fraction = digits - Math.trunc(digits);
  const whole = fraction >= on ? Math.ceil(digits) : Math.floor(digits);
  return whole / power;
}

function octal(text: string): Value {
  return goInt(/^[+-]?[0-7]+$/.test(text) ? boundedInt(text, 8) : 0, 'int64');
}

function atoi(text: string): Value {
  return goInt(/^[+-]?\d+$/.test(text) && text.length < 400 ? boundedInt(text, 10, true) : 0);
}

/** An integer of 64 bits; beyond them 0, or the nearest one when it saturates. */
function boundedInt(text: string, base: 8 | 10, saturates = false): bigint {
  const digits = text.replace(/^[+-]/, '');
  const size = BigInt(base === 8 ? `0o${digits}` : digits);
  const value = text.startsWith('-') ? -size : size;
  const wrapped = BigInt.asIntN(64, value);
  if (wrapped === value) return value;
  if (!saturates) return 0n;
  return value < 0n ? -(2n ** 63n) : 2n ** 63n - 1n;
}

function untilStep(start: number, stop: number, step: number): readonly Value[] {
  const count = stepCount(start, stop, step);
  checkItemCount(count);
  const items = Array.from({ length: count }, (_, i) => goInt(start + i * step));
  return withElementType(items, 'int');
}

function stepCount(start: number, stop: number, step: number): number {
  if (stop < start) return step < 0 ? Math.ceil((start - stop) / -step) : 0;
  return step > 0 ? Math.ceil((stop - start) / step) : 0;
}

function sequence(bounds: readonly number[]): string {
  const [first, second, third] = bounds;
  if (first === undefined || bounds.length > 3) return '';
  const start = second === undefined ? 1 : first;
  const end = third ?? second ?? first;
  const direction = end < start ? -1 : 1;
  const step = third === undefined ? direction : (second as number);
  if (end < start && step > 0) return '';
  return untilStep(start, end + direction, step).join(' ');
}
