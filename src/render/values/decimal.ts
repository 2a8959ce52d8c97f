import { shortestDigits } from './format-float.ts';

/** A decimal number: coefficient x 10^exponent. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Decimals of a quotient. */
const DIVISION_DECIMALS = 16;

/** Exponents further apart than this are refused instead of written out. */
const MAX_SCALE = 2000;

/** The decimal with the shortest digits that read back as the number. */
export function toDecimal(value: number | bigint): Decimal {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  if (Number.isSafeInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  if (!Number.isFinite(value)) throw new Error(`Cannot create a Decimal from ${describe(value)}`);
  const { negative, digits, point } = shortestDigits(value);
  const coefficient = BigInt(digits);
  return { coefficient: negative ? -coefficient : coefficient, exponent: point - digits.length };
}

/** The nearest double, or the exact integer as a bigint when `exact` is asked for and no double holds it. */
export function fromDecimal({ coefficient, exponent }: Decimal, exact: boolean): number | bigint {
  const value = Number(`${coefficient}e${exponent}`);
  if (!exact || Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
  if (exponent >= 0) return exponent > MAX_SCALE ? value : coefficient * 10n ** BigInt(exponent);
  const unit = 10n ** BigInt(-exponent);
  return coefficient % unit === 0n ? coefficient / unit : value;
}

/** The exact sum. Throws when the numbers are too far apart to write it out. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { coefficient: rescale(a, exponent) + rescale(b, exponent), exponent };
}

/** The exact difference. Throws when the numbers are too far apart to write it out. */
export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return addDecimals(a, { coefficient: -b.coefficient, exponent: b.exponent });
}

/** The exact product. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** The quotient to 16 decimals, half away from zero. Throws when the divisor is zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0n) throw new Error('decimal division by 0');
  const shift = a.exponent - b.exponent + DIVISION_DECIMALS;
  const numerator = shift >= 0 ? a.coefficient * powerOfTen(shift) : a.coefficient;
  const denominator = shift >= 0 ? b.coefficient : b.coefficient * powerOfTen(-shift);
  const quotient = numerator / denominator;
  const twice = absolute(numerator % denominator) * 2n;
  const isNegative = numerator < 0n !== denominator < 0n;
  const step = twice >= absolute(denominator) ? (isNegative ? -1n : 1n) : 0n;
  return { coefficient: quotient + step, exponent: -DIVISION_DECIMALS };
}

function rescale({ coefficient, exponent }: Decimal, target: number): bigint {
  return coefficient * powerOfTen(exponent - target);
}

function powerOfTen(power: number): bigint {
  if (power > MAX_SCALE) throw new Error('numbers are too far apart for decimal arithmetic');
  return 10n ** BigInt(power);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function describe(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
