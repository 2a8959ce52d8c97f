import { formatDuration, parseDuration } from '../lib/duration.ts';

/** The most steps of one backtest: each asks the generators once, as a pass does. */
const MAX_STEPS = 1000;
/** The most samples of usage of one tuned value, ten times what Prometheus gives to one query. */
const MAX_SAMPLES = 110_000;

const DAY = 24 * 60 * 60 * 1000;

/** RFC 3339 with an offset; fractions of a second to milliseconds. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2})$/;

/** The time that a backtest covers: milliseconds since 1970, and milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
  /** Between two passes. */
  readonly step: number;
  /** Between two samples of usage. */
  readonly resolution: number;
}

/** The texts that a person gives. */
interface PeriodTexts {
  /** How long before `to` it begins, such as `30d`. */
  readonly from: string;
  /** RFC 3339; absent: now, down to a whole resolution. */
  readonly to?: string;
  readonly step: string;
  readonly resolution: string;
}

/** Reads the period of a backtest that is asked for at `now`. Throws a RangeError that says what to write. */
export function readPeriod(texts: PeriodTexts, now: Date): Period {
  const step = readLength(texts.step, '--step');
  const resolution = readLength(texts.resolution, '--resolution');
  const to = texts.to === undefined ? floorTo(now.getTime(), resolution) : readTime(texts.to);
  const from = to - readLength(texts.from, '--from');
  const period = { from, to, step, resolution };
  if (from < 0) throw new RangeError(`--from ${texts.from} reaches back before 1970`);
  if (stepTimes(period).length > MAX_STEPS)
    throw new RangeError(`--from ${texts.from} has more than ${MAX_STEPS} steps of ${texts.step}`);
  if (countCells(period) > MAX_SAMPLES)
    throw new RangeError(`--from ${texts.from} has more than ${MAX_SAMPLES} samples of ${texts.resolution}`);
  return period;
}

/** The times of the passes: from the beginning to the end, both included where the step fits. */
export function stepTimes({ from, to, step }: Period): number[] {
  const count = Math.min(MAX_STEPS + 1, Math.floor((to - from) / step) + 1);
  return Array.from({ length: count }, (_, index) => from + index * step);
}

/** The part of the period that one sample of usage stands for, in milliseconds since 1970. */
export interface Cell {
  /** A whole multiple of the resolution: where the sample is taken. */
  readonly sample: number;
  readonly begin: number;
  readonly end: number;
}

/** How many samples of usage the period has. */
export function countCells(period: Period): number {
  return Math.ceil((period.to - firstSample(period)) / period.resolution);
}

/** One of the cells, from 0; the first and the last may be cut by the period. */
export function cellAt(period: Period, index: number): Cell {
  const sample = firstSample(period) + index * period.resolution;
  const end = Math.min(sample + period.resolution, period.to);
  return { sample, begin: Math.max(sample, period.from), end };
}

/** The cell that a sample of this time belongs to; below 0 or beyond the last where it is outside of the period. */
export function cellIndex(period: Period, time: number): number {
  return Math.floor((time - firstSample(period)) / period.resolution);
}

function firstSample({ from, resolution }: Period): number {
  return floorTo(from, resolution);
}

/** A time as output shows it: RFC 3339 in UTC, without milliseconds where there are none. */
export function formatTime(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** A duration as people write it here, `30d` or `1d12h`, in whole milliseconds of at least a second. */
function readLength(text: string, option: string): number {
  const [, days = '0', rest = ''] = /^(?:(\d{1,5})d)?(.*)$/.exec(text) ?? [];
  let length: number;
  try {
    length = Number(days) * DAY + (rest === '' && text !== '' ? 0 : parseDuration(rest));
  } catch (error) {
    const quoted = JSON.stringify(text.slice(0, 40));
    throw new RangeError(`${option} ${quoted} is not a duration such as 30d, 12h or 5m`, { cause: error });
  }
  if (length >= 1000 && Number.isInteger(length)) return length;
  throw new RangeError(`${option} ${formatDuration(length)} must be whole milliseconds, at least 1s`);
}

function readTime(text: string): number {
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new RangeError(
    `--to ${JSON.stringify(text.slice(0, 40))} is not a time such as 2026-03-01T00:00:00Z`,
  );
}

function floorTo(time: number, size: number): number {
  return time - (time % size);
}
