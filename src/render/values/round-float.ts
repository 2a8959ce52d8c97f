import type { Digits } from './format-float.ts';

/** No double has more decimals than this; further ones are zeros. */
const MAX_DECIMALS = 1100;

/** The digits of a finite double rounded to so many decimals, exactly, ties to even as Go does. */
export function roundToDecimals(value: number, decimals: number): Digits {
  const exact = Math.min(decimals, MAX_DECIMALS);
  const digits = scaled(Math.abs(value), exact)
    .toString()
    .padStart(exact + 1, '0');
  const padded = digits + '0'.repeat(decimals - exact);
  return { negative: isNegative(value), digits: padded, point: digits.length - exact };
}

/** The first `count` significant digits of a finite double, exactly rounded, ties to even. */
export function roundToSignificant(value: number, count: number): Digits {
  const negative = isNegative(value);
  if (value === 0) return { negative, digits: '0'.repeat(count), point: 1 };
  const size = Math.abs(value);
  const exact = Math.min(count, MAX_DECIMALS);
  let exponent = Number(size.toExponential().split('e')[1]);
  let digits = scaled(size, exact - 1 - exponent).toString();
  if (digits.length > exact) {
    exponent++;
    digits = scaled(size, exact - 1 - exponent).toString();
  }
  return { negative, digits: digits + '0'.repeat(count - exact), point: exponent + 1 };
}

/** round(value x 10^power) as an integer, half to even on the double's exact value. */
function scaled(value: number, power: number): bigint {
  const { mantissa, exponent } = decompose(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (power >= 0) numerator *= 10n ** BigInt(power);
  else denominator *= 10n ** BigInt(-power);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const roundsUp = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return roundsUp ? quotient + 1n : quotient;
}

/** A double as mantissa x 2^exponent, both integers. */
export function decompose(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}
