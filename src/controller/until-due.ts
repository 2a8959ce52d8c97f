import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { readRequests } from '../api/requests.ts';
import { nextRetry, nextRun, type Timing } from '../reconcile/next-run.ts';
import { setInterval } from '../reconcile/set-interval.ts';
import type { Handling } from './handling.ts';

/** Milliseconds after which a long wait is looked at again, since clocks jump; with a schedule, by the clock itself. */
const MAX_WAIT = 60 * 60 * 1000;
const MAX_SCHEDULE_WAIT = 60 * 1000;

/**
 * After a restart: a set whose status says that its last pass was for the object as it is now, and went well, waits
 * for its time as if the process had never ended. Says whether that was so.
 */
export function restoreRun(set: GeneratorSet, { stored, runtime, parts }: Handling): boolean {
  if (!runtime.isNew) return false;
  const { status, metadata } = set;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True' || status?.held !== undefined) return false;
  if (ready.observedGeneration !== stored.generation) return false;
  if (readRequests(metadata.annotations, status).isRequested) return false;
  const lastRun = parts.checkpoint.get(stored.uid, stored.generation);
  if (lastRun === undefined) return false;
  // Without them nobody could say whether what it read has changed.
  if (!parts.checkpoint.references(stored.uid, stored.generation)) return false;
  runtime.restore(stored, lastRun);
  return true;
}

/**
 * Milliseconds until a pass over the set is due; 0: now; undefined: only a change makes one. What failed is tried again
 * when its key comes, within the windows of its schedule.
 */
export function untilDue(set: GeneratorSet, handling: Handling): number | undefined {
  const { stored, runtime } = handling;
  if (runtime.isChanged(stored) || runtime.cause === 'drift') return 0;
  if (runtime.cause === 'all') return runtime.pace.wait;
  if (runtime.ended === 'stalled') return undefined;
  if (runtime.ended !== 'well') return nextRetry(timingOf(set, handling), 0);
  return nextRun(timingOf(set, handling));
}

/** What says when a set's next pass begins by time. */
export function timingOf(
  set: GeneratorSet,
  { stored, runtime, parts }: Pick<Handling, 'stored' | 'runtime' | 'parts'>,
): Timing {
  const { schedule } = set.spec;
  return {
    interval: setInterval(set, parts.generators),
    ...(schedule !== undefined && { schedule }),
    lastRun: runtime.lastRun,
    uid: stored.uid,
    now: parts.clock.now(),
  };
}

/** Milliseconds until a set that is to wait is looked at again, due or not. */
export function untilLook({ spec }: GeneratorSet, wait: number): number {
  return Math.min(wait, spec.schedule ? MAX_SCHEDULE_WAIT : MAX_WAIT);
}
