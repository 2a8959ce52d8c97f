/** 10 is this fraction times 2^4. */
const FRACTION = 0.625;
const EXPONENT = 4;

/** Powers of two beyond this are infinite or zero in any case. */
const MAX_EXPONENT = 4096;

/** Go's math.Pow(10, n), whose last digits for large n are not those of JavaScript. */
export function powerOfTen(n: number): number {
  let result = 1;
  let shift = 0;
  let fraction = FRACTION;
  let exponent = EXPONENT;
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (exponent > MAX_EXPONENT) {
      shift += exponent;
      break;
    }
    if (rest % 2 === 1) {
      result *= fraction;
      shift += exponent;
    }
    fraction *= fraction;
    exponent *= 2;
    if (fraction < 0.5) {
      fraction *= 2;
      exponent--;
    }
  }
  return n < 0 ? scale(1 / result, -shift) : scale(result, shift);
}

/** value x 2^power, in two steps since 2^power alone may be infinite or zero. */
function scale(value: number, power: number): number {
  const half = Math.trunc(power / 2);
  return value * 2 ** half * 2 ** (power - half);
}
