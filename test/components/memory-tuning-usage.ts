import type { Series } from './prometheus.ts';

/** Midnight of the first day that is played. */
export const FIRST_DAY = Date.parse('2026-01-05T00:00:00Z') / 1000;
/** How many days are played, and the time of each day's pass in seconds. */
export const DAYS = 30;
export const PASS_TIME = 6 * 3600;

export const DAY = 24 * 3600;
export const MI = 1024 * 1024;

/** Seconds between two samples; none falls on the edge of a window, where versions of Prometheus differ. */
const STEP = 300;
const OFFSET = 30;
/** Queries look back seven days. */
const HISTORY = 8;

/** One pod: from which day on it runs, and the MiB that it uses at a time in days. */
export interface Pod {
  readonly container: string;
  readonly name: string;
  readonly since: number;
  usage(day: number): number;
}

/**
 * Workloads as they are found: one grows, one shrinks, one has peaks, one is new, one stays as it is, and of one the
 * request stays in its dead band while the limit goes below it.
 */
export const PODS: readonly Pod[] = [
  { container: 'api', name: 'api-0', since: -HISTORY, usage: (day) => 1200 + 24 * day + ripple(day, 15) },
  { container: 'api', name: 'api-1', since: -HISTORY, usage: (day) => 1150 + 24 * day + ripple(day, 40) },
  {
    container: 'worker',
    name: 'worker-0',
    since: -HISTORY,
    usage: (day) => (day < 9 ? 900 : 320) + ripple(day, 12),
  },
  {
    container: 'search',
    name: 'search-0',
    since: -HISTORY,
    usage: (day) => (isPeak(day) ? 640 : 220) + ripple(day, 8),
  },
  { container: 'checkout', name: 'checkout-0', since: 12.3, usage: (day) => 170 + day + ripple(day, 5) },
  { container: 'cart', name: 'cart-0', since: -HISTORY, usage: cartUsage },
  { container: 'frontend', name: 'frontend-0', since: -HISTORY, usage: (day) => 20 + ripple(day, 1) },
];

/** The bytes that a pod used, by seconds since 1970, from history to the end of the last day. */
export function* samplesOf(pod: Pod): Generator<readonly [seconds: number, bytes: number]> {
  const first = FIRST_DAY - HISTORY * DAY + OFFSET;
  for (let seconds = first; seconds < FIRST_DAY + DAYS * DAY; seconds += STEP) {
    const day = (seconds - FIRST_DAY) / DAY;
    if (day >= pod.since) yield [seconds, Math.round(pod.usage(day) * MI)];
  }
}

/** What Prometheus has of the pods, and of a container of another namespace that uses more than all of them. */
export function memorySeries(): Series[] {
  const decoy = { container: 'api', name: 'api-9', since: -HISTORY, usage: () => 9000 };
  const labels = (pod: Pod, namespace: string) =>
    `container_memory_working_set_bytes{namespace="${namespace}",pod="${pod.name}",container="${pod.container}"}`;
  return [
    ...PODS.map((pod) => ({ series: labels(pod, 'shop'), samples: samplesOf(pod) })),
    { series: labels(decoy, 'other'), samples: samplesOf(decoy) },
  ];
}

/** A peak right before it needs a tenth less. */
function cartUsage(day: number): number {
  if (day >= 6) return 906;
  return day >= 5.9 && day < 5.92 ? 1170 : 1003;
}

/** Two peaks of twenty minutes. */
function isPeak(day: number): boolean {
  return [3.4, 17.8].some((begin) => day >= begin && day < begin + 20 / (24 * 60));
}

/** What goes up and down within a day, without two days alike. */
function ripple(day: number, size: number): number {
  return size * Math.sin(day * 2 * Math.PI) * Math.cos(day / 3);
}
