import { NamedInteger, type ObjectKind } from './go-object.ts';
import { quoteBytes, toByteText } from './quote-time.ts';

/** Nanoseconds of a second. */
export const SECOND = 1_000_000_000n;
const MAX_DURATION = 2n ** 63n - 1n;
const MIN_DURATION = -(2n ** 63n);

/** Durations longer than this as text are none. */
const MAX_TEXT = 1000;

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

/** Go's time.Duration: 64 bits of nanoseconds. */
export class Duration extends NamedInteger {
  /** A number of nanoseconds; beyond 64 bits it wraps. */
  constructor(nanoseconds: bigint) {
    super(BigInt.asIntN(64, nanoseconds));
  }

  override get typeName(): string {
    return 'time.Duration';
  }

  override get kind(): ObjectKind {
    return 'int64';
  }

  override toString(): string {
    return formatDuration(this.integer);
  }
}

/** A number of nanoseconds as Go prints durations: `1h2m3.5s`, `1.5ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  return `${nanoseconds < 0n ? '-' : ''}${size < SECOND ? formatSmall(size) : formatLarge(size)}`;
}

/**
 * Reads a duration such as `1h30m`, `-1.5h` or `300ms` to nanoseconds. Throws Go's texts for what is none or does
 * not fit 64 bits.
 */
export function parseDuration(text: string): bigint {
  const invalid = () => new Error(`time: invalid duration ${quoteBytes(toByteText(text))}`);
  if (text.length > MAX_TEXT) throw invalid();
  const isNegative = text.startsWith('-');
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return 0n;
  if (unsigned === '') throw invalid();
  const total = sumParts(unsigned, text, invalid);
  if (isNegative) return -total;
  if (total > MAX_DURATION) throw invalid();
  return total;
}

/** Adds up numbers with units; each sum fits 64 bits without a sign. */
function sumParts(unsigned: string, text: string, invalid: () => Error): bigint {
  const parts = /(\d*)(?:(\.)(\d*))?([^.\d]*)/gy;
  let total = 0n;
  while (parts.lastIndex < unsigned.length) {
    const [, whole = '', , fraction = '', unit = ''] = parts.exec(unsigned) as RegExpExecArray;
    if (whole === '' && fraction === '') throw invalid();
    if (BigInt(whole || '0') > MAX_DURATION + 1n) throw invalid();
    if (unit === '') throw new Error(`time: missing unit in duration ${quoteBytes(toByteText(text))}`);
    total += scalePart(whole, fraction, unitOf(unit, text));
    if (total > MAX_DURATION + 1n) throw invalid();
  }
  return total;
}

/** The duration rounded to a multiple, half away from zero; what does not fit 64 bits is the nearest that does. */
export function roundDuration(value: bigint, multiple: bigint): bigint {
  if (multiple <= 0n) return value;
  const size = value < 0n ? -value : value;
  const rest = size % multiple;
  const rounded = rest * 2n < multiple ? size - rest : size + multiple - rest;
  return clampDuration(value < 0n ? -rounded : rounded);
}

/** The duration cut to a multiple, towards zero. */
export function truncateDuration(value: bigint, multiple: bigint): bigint {
  return multiple <= 0n ? value : value - (value % multiple);
}

/** The nearest number of nanoseconds that 64 bits hold. */
export function clampDuration(nanoseconds: bigint): bigint {
  if (nanoseconds > MAX_DURATION) return MAX_DURATION;
  return nanoseconds < MIN_DURATION ? MIN_DURATION : nanoseconds;
}

/** A duration as a floating number of some unit, with Go's two roundings. */
export function durationIn(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit);
}

function unitOf(unit: string, text: string): bigint {
  if (Object.hasOwn(UNITS, unit)) return UNITS[unit] as bigint;
  const [shown, whole] = [quoteBytes(toByteText(unit)), quoteBytes(toByteText(text))];
  throw new Error(`time: unknown unit ${shown} in duration ${whole}`);
}

/** One number and its unit. The fraction goes through a float, as in Go. */
function scalePart(whole: string, fraction: string, unit: bigint): bigint {
  const value = BigInt(whole || '0') * unit;
  let numerator = 0n;
  let scale = 1;
  for (const digit of fraction) {
    const next = numerator * 10n + BigInt(digit);
    if (numerator > MAX_DURATION / 10n || next > MAX_DURATION + 1n) break;
    numerator = next;
    scale *= 10;
  }
  return value + BigInt(Math.trunc(Number(numerator) * (Number(unit) / scale)));
}

function formatSmall(size: bigint): string {
  if (size === 0n) return '0s';
  if (size < 1000n) return `${size}ns`;
  return size < 1_000_000n ? `${withFraction(size, 3)}µs` : `${withFraction(size, 6)}ms`;
}

function formatLarge(size: bigint): string {
  const minutes = size / (60n * SECOND);
  const seconds = `${withFraction(size % (60n * SECOND), 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** A number scaled down by so many decimals, without trailing zeros. */
function withFraction(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}
