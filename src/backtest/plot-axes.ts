import type { TuneUnit } from '../api/tune-rules.ts';
import { formatQuantity } from '../lib/quantity.ts';

const NANO = 1_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances of ticks on an axis of time, in milliseconds. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650].map((days) => days * DAY),
];

/** A place on an axis: milliseconds or an amount, and what stands there. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** At most `count` round times within a period, and what each is called in UTC. */
export function timeTicks(from: number, to: number, count: number): Tick[] {
  const step = TIME_STEPS.find((length) => (to - from) / length <= count) ?? (to - from) / count;
  const first = Math.ceil(from / step) * step;
  const length = Math.floor((to - first) / step) + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) => {
    const at = first + index * step;
    const [date = '', time = ''] = new Date(at).toISOString().split('T');
    return { at, label: step < DAY ? `${date.slice(5)} ${time.slice(0, 5)}` : date };
  });
}

/** Ticks from zero to the first round amount that is not below `most`, some `count` of them. */
export function amountTicks(most: number, unit: TuneUnit, count: number): Tick[] {
  const step = roundStep(most > 0 ? most / count : 1, unit);
  const length = Math.max(1, Math.ceil(most / step - 1e-9)) + 1;
  return Array.from({ length }, (_, index) => ({
    at: index * step,
    label: formatAmountOf(index * step, unit),
  }));
}

/** The next round distance: a power of two of bytes, else 1, 2 or 5 times a power of ten. */
function roundStep(least: number, unit: TuneUnit): number {
  if (unit === 'memory') return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-9, least)));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least * (1 - 1e-9)) ?? power * 10;
}

/** Beyond what numbers hold exactly a label need not be exact. */
function formatAmountOf(amount: number, unit: TuneUnit): string {
  const nanos = BigInt(Math.round(amount * NANO));
  return formatQuantity({ nanos, format: unit === 'memory' ? 'BinarySI' : 'DecimalSI' });
}
