import type { State } from '../plan/state.ts';
import { scopesOf } from './compare-objects.ts';
import type { ApplyContext } from './decide.ts';
import type { Failure } from './failure.ts';
import { prune } from './prune.ts';
import { decideRemovals, locate } from './removals.ts';

/** What the deletion of a set's objects came to, by their inventory ids. */
export interface Finalized {
  readonly deleted: readonly string[];
  /** What could not be deleted, and why. */
  readonly left: readonly Failure[];
}

/**
 * Deletes all objects of the inventory that still carry the labels of the set and are not to be kept, in reverse
 * order. What could not be deleted is given back; throws only when it could not even be tried.
 */
export async function finalizeObjects(state: State | undefined, context: ApplyContext): Promise<Finalized> {
  const tracked = await locate(state?.inventory ?? [], context);
  await context.applied.watch(scopesOf(tracked.map(({ place }) => place)), context, context.signal);
  const removals = await decideRemovals(tracked, { prune: true }, context);
  const { done, failures } = await prune(removals, context);
  return { deleted: [...done], left: [...removals.flatMap(({ failure }) => failure ?? []), ...failures] };
}
