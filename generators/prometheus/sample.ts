import type { JsonValue } from '../../src/lib/json.ts';

/** One sample of a series. */
export interface Sample {
  /** Seconds since 1970. */
  readonly time: number;
  /** With every digit; absent where it is NaN or infinite. */
  readonly value?: number | bigint;
}

// How Go prints floats, in full or with an exponent. Number() would also take "", " 1 " and "0x10".
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const NOT_FINITE = /^(?:NaN|[-+]?Inf)$/i;
/** Digits of the largest float, and some. */
const MAX_LENGTH = 400;

/** The times that a Date can have, in seconds. */
const MAX_TIME = 8.64e12;

/** Reads `[time, "value"]`; the value is a text because JSON has no NaN. `place` is for messages. */
export function readSample(sample: JsonValue | undefined, place: string): Sample {
  const [time, value] = Array.isArray(sample) && sample.length === 2 ? sample : [];
  if (typeof time !== 'number' || Math.abs(time) > MAX_TIME || typeof value !== 'string') {
    throw new Error(`${place} of the Prometheus answer is not a sample`);
  }
  if (NOT_FINITE.test(value)) return { time };
  return { time, value: readNumber(value, place) };
}

/** Seconds since 1970 as RFC 3339. */
export function formatTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}

/** Integers beyond 2^53 keep every digit. */
function readNumber(text: string, place: string): number | bigint {
  const number = text.length <= MAX_LENGTH && DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw new Error(`${place} of the Prometheus answer is not a number`);
  if (/^[-+]?\d+$/.test(text) && !Number.isSafeInteger(number)) return BigInt(text.replace(/^\+/, ''));
  // A zero has no sign that anybody meant.
  return number === 0 ? 0 : number;
}
