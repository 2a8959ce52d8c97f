/** Below this exponent and from the next one on, Go's shortest form uses an exponent. */
const MIN_EXPONENT = -4;
const MAX_EXPONENT = 6;

/** A double's digits and the place of its decimal point: 0.d1d2d3... x 10^point. */
export interface Digits {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

/** The shortest decimal digits that read back as the same double. The number must be finite. */
export function shortestDigits(value: number): Digits {
  const negative = value < 0 || Object.is(value, -0);
  const text = Math.abs(value).toExponential();
  const e = text.indexOf('e');
  const digits = text.slice(0, e).replace('.', '');
  return { negative, digits, point: value === 0 ? 1 : Number(text.slice(e + 1)) + 1 };
}

/** Go's %v of a float64: the shortest digits, with an exponent of at least two digits from 1e+06 on. */
export function formatShortest(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const parts = shortestDigits(value);
  const exponent = parts.point - 1;
  if (exponent < MIN_EXPONENT || exponent >= MAX_EXPONENT) return layoutExponent(parts, 'e');
  return layoutPlain(parts);
}

/** Plain decimals, never an exponent: what `numbers: exact` prints. */
export function formatPlain(value: number | bigint): string {
  if (typeof value === 'bigint') return value.toString();
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `${value}`;
  return formatSpecial(value) ?? layoutPlain(shortestDigits(value));
}

/** NaN and the infinities as Go prints them; undefined for a finite number. */
export function formatSpecial(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** Digits as a plain decimal. */
export function layoutPlain({ negative, digits, point }: Digits): string {
  const sign = negative ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Digits as d.ddde+XX. */
export function layoutExponent({ negative, digits, point }: Digits, letter: string): string {
  const exponent = point - 1;
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${negative ? '-' : ''}${digits[0]}${fraction}${letter}${exponent < 0 ? '-' : '+'}${size}`;
}
