import type { State } from '../plan/state.ts';
import { scopesOf } from './compare-objects.ts';
import type { ApplyContext } from './decide.ts';
import { isOwnedBy } from './owner.ts';
import { locate } from './removals.ts';

/**
 * After a restart, watches what a set has applied before, although its next pass may be far away. What is seen first
 * is the measure of later drift; an object that is gone or is not the set's any more is drift at once.
 */
export async function trackObjects(state: State | undefined, context: ApplyContext): Promise<void> {
  const { applied, set, signal } = context;
  const tracked = await locate(state?.inventory ?? [], context);
  const places = tracked.flatMap(({ place }) => place ?? []);
  await applied.watch(scopesOf(places), context, signal);
  const lost: string[] = [];
  for (const place of places) {
    const live = applied.find(place);
    if (live === 'unknown') continue;
    if (live && isOwnedBy(live, set)) applied.remember(place.id, live);
    else lost.push(place.id);
  }
  if (lost.length > 0) applied.reportDrift(lost);
}
