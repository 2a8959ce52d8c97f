import type { ScheduleEntry } from '../api/generatorset-schema.ts';
import { parseCron } from '../lib/cron.ts';
import { sha256 } from '../lib/digest.ts';
import { parseDuration } from '../lib/duration.ts';

/** What says when a set's next pass begins by time. Times are milliseconds of the epoch. */
export interface Timing {
  /** Milliseconds between passes; undefined: never by an interval. */
  readonly interval: number | undefined;
  readonly schedule?: readonly ScheduleEntry[];
  /** When the last good pass began; undefined: there was none. */
  readonly lastRun: number | undefined;
  /** What the set keeps through restarts, so that it keeps its phase too. */
  readonly uid: string;
  readonly now: number;
}

/** The most that an interval grows, so that sets of one interval don't meet. */
const MAX_JITTER = 0.05;

/**
 * Milliseconds until the next pass begins by time: 0 when it is due, undefined when time brings none. Without a
 * schedule that is an interval after the last run; with one at each of its times, and on the interval within its
 * windows. A time that was missed counts within its window, or without one until a pass has begun. It is safe to ask
 * again at any moment, and long waits need it, since clocks jump.
 */
export function nextRun(timing: Timing): number | undefined {
  const { lastRun, now, schedule } = timing;
  if (lastRun === undefined) return 0;
  const since = isBelievable(timing, lastRun) ? lastRun : Number.NEGATIVE_INFINITY;
  const due = intervalEnd(timing, since);
  if (!schedule) return due === undefined ? undefined : Math.max(0, due - now);
  const starts = schedule.map((entry) => nextOf(entry, { since, now, due }));
  const known = starts.filter((start) => start !== undefined);
  return known.length === 0 ? undefined : Math.min(...known) - now;
}

/**
 * Milliseconds until a pass that failed is tried again, where its backoff says `delay`: with a schedule whose windows
 * have all closed by then, not before its next time. A set that never had a good pass is tried at any time.
 */
export function nextRetry(timing: Timing, delay: number): number {
  if (!timing.schedule) return delay;
  return delay + (nextRun({ ...timing, now: timing.now + delay }) ?? 0);
}

/**
 * Whether a time of the schedule has come since the last run. The pass that follows asks all generators, since
 * elements that are nearly as old as their interval would stand until the next time.
 */
export function hasComeSince({ schedule = [], lastRun, now }: Timing): boolean {
  const since = lastRun ?? Number.NEGATIVE_INFINITY;
  return schedule.some((entry) => (timesOf(entry).previous(now) ?? Number.NEGATIVE_INFINITY) > since);
}

/**
 * A last run may lie in the future where the clock was set back. It counts as long as that delays the next pass by
 * one interval or one time of the schedule at most: then no time is followed twice.
 */
function isBelievable({ interval, schedule, now }: Timing, lastRun: number): boolean {
  if (lastRun <= now) return true;
  if (interval !== undefined && lastRun - now > interval) return false;
  return (schedule ?? []).every((entry) => {
    const times = timesOf(entry);
    const first = times.next(now);
    const second = first === undefined ? undefined : times.next(first);
    return second === undefined || second > lastRun;
  });
}

/** When the interval has passed, longer by a share that is the set's own. */
function intervalEnd({ interval, uid }: Timing, since: number): number | undefined {
  if (interval === undefined) return undefined;
  const share = Number.parseInt(sha256(uid).slice(-8), 16) / 2 ** 32;
  return since + Math.round(interval * (1 + MAX_JITTER * share));
}

/** When one entry of the schedule lets a pass begin; `now` when one is due. */
function nextOf(
  entry: ScheduleEntry,
  { since, now, due }: { since: number; now: number; due: number | undefined },
): number | undefined {
  const times = timesOf(entry);
  const window = parseDuration(entry.window);
  const last = times.previous(now);
  if (last !== undefined && last > since && (window === 0 || now < last + window)) return now;
  const next = times.next(Math.max(now, since));
  if (due === undefined || window === 0) return next;
  const start = Math.max(now, due);
  const opened = times.previous(start);
  const isOpen = opened !== undefined && start < opened + window;
  return isOpen && (next === undefined || start < next) ? start : next;
}

function timesOf({ cron, timeZone }: ScheduleEntry): ReturnType<typeof parseCron> {
  return parseCron(cron, timeZone);
}
