import {
  clampDuration,
  Duration,
  durationIn,
  formatDuration,
  parseDuration,
  roundDuration,
  SECOND,
  truncateDuration,
} from '../values/duration.ts';
import { GoInt, goInt } from '../values/go-number.ts';
import { GoObject } from '../values/go-object.ts';
import { parseFloatText } from '../values/parse-number.ts';
import { clipQuoted, quoteGo } from '../values/quote.ts';
import { Time } from '../values/time.ts';
import { isNumber, type NumberMode, typeName, type Value } from '../values/value.ts';
import { castInt } from './casts.ts';
import { timeSince } from './dates.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { wholeSeconds } from './whole-seconds.ts';

const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** What durationRound writes: the largest of these that a duration exceeds. */
const ROUND_UNITS: readonly (readonly [unit: bigint, suffix: string])[] = [
  [365n * DAY, 'y'],
  [30n * DAY, 'mo'],
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'm'],
  [SECOND, 's'],
];

/** Sprig's functions on durations. Under exact numbers they take any whole number, else Go's int64 alone. */
export function durationFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn('duration', '(any) -> string', (value: Value) =>
      formatDuration(new Duration(secondsOf(value, mode) * SECOND).integer),
    ),
    fn('durationRound', '(any) -> string', (value: Value) => describeRoughly(roughDuration(value, mode))),
  ];
}

/**
 * Helm's functions on durations. They take a duration, a text such as `1h30m`, or a number of seconds, also as text;
 * where there is none of these the result is 0, and mustToDuration fails.
 */
export function helmDurationFunctions(): FunctionDef[] {
  return [
    fn('mustToDuration', '(any) -> any', (value: Value) => new Duration(toDuration(value))),
    ...measures('any', [
      ['durationNanoseconds', (duration) => goInt(duration, 'int64')],
      ['durationMicroseconds', (duration) => goInt(duration / 1000n, 'int64')],
      ['durationMilliseconds', (duration) => goInt(duration / 1_000_000n, 'int64')],
    ]),
    ...measures('float64', [
      ['durationSeconds', (duration) => durationIn(duration, SECOND)],
      ['durationMinutes', (duration) => durationIn(duration, MINUTE)],
      ['durationHours', (duration) => durationIn(duration, HOUR)],
      ['durationDays', (duration) => durationIn(duration, HOUR) / 24],
      ['durationWeeks', (duration) => durationIn(duration, HOUR) / 24 / 7],
    ]),
    fn('durationRoundTo', '(any, any) -> any', (value: Value, to: Value) =>
      toMultiple(value, to, roundDuration),
    ),
    fn('durationTruncateTo', '(any, any) -> any', (value: Value, to: Value) =>
      toMultiple(value, to, truncateDuration),
    ),
  ];
}

type Measure = (duration: bigint) => Value;

function measures(result: string, list: readonly (readonly [string, Measure])[]): FunctionDef[] {
  return list.map(([name, measure]) =>
    fn(name, `(any) -> ${result}`, (value: Value) => measure(durationOrZero(value))),
  );
}

function toMultiple(
  value: Value,
  to: Value,
  apply: (duration: bigint, multiple: bigint) => bigint,
): Duration {
  return new Duration(apply(durationOrZero(value), durationOrZero(to)));
}

function durationOrZero(value: Value): bigint {
  try {
    return toDuration(value);
  } catch {
    return 0n;
  }
}

function toDuration(value: Value): bigint {
  if (value instanceof Duration) return value.integer;
  if (typeof value === 'string') return textToDuration(value);
  if (value === null || value === undefined) throw new Error('invalid duration');
  if (isNumber(value)) return secondsToDuration(Number(value));
  const whole = value instanceof GoInt ? value.n : value instanceof GoObject ? value.integer : undefined;
  if (whole === undefined) throw new Error(`unsupported duration type ${typeName(value)}`);
  return BigInt.asIntN(64, BigInt(whole) * SECOND);
}

function textToDuration(text: string): bigint {
  const trimmed = text.trim();
  if (trimmed === '') throw new Error('empty duration');
  try {
    return parseDuration(trimmed);
  } catch (error) {
    const seconds = parseFloatText(trimmed);
    if (seconds !== undefined) return secondsToDuration(seconds);
    throw new Error(`could not parse duration ${quoteGo(clipQuoted(text))}`, { cause: error });
  }
}

function secondsToDuration(seconds: number): bigint {
  return BigInt(castInt(seconds * Number(SECOND)));
}

/** What `duration` counts: a text or a whole number of seconds; all else is 0. */
function secondsOf(value: Value, mode: NumberMode): bigint {
  return typeof value === 'string' ? parseSeconds(value) : int64Of(value, mode);
}

/** Digits that fit no 64 bits are the nearest number that does, whatever follows them. */
function parseSeconds(text: string): bigint {
  const match = /^([+-]?)(\d{1,400})(.?)/s.exec(text);
  if (match === null) return 0n;
  const size = BigInt(match[2] as string);
  if (match[3] !== '' && size < 2n ** 64n) return 0n;
  return clampDuration(match[1] === '-' ? -size : size);
}

/** Go takes an int64 here and no other integer; under exact numbers every whole number is one. */
function int64Of(value: Value, mode: NumberMode): bigint {
  if (mode !== 'exact' && !(value instanceof GoInt && value.kind === 'int64')) return 0n;
  return wholeSeconds(value, mode) ?? 0n;
}

function roughDuration(value: Value, mode: NumberMode): bigint {
  if (value instanceof Time) return timeSince(value, 1n).integer;
  if (typeof value !== 'string') return int64Of(value, mode);
  try {
    return parseDuration(value);
  } catch {
    return 0n;
  }
}

function describeRoughly(duration: bigint): string {
  const size = duration < 0n ? -duration : duration;
  const found = ROUND_UNITS.find(([unit]) => size > unit);
  return found === undefined ? '0s' : `${size / found[0]}${found[1]}`;
}
