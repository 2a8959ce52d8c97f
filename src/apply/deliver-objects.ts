import type { ApplyTargetSpec } from '../api/generatorset-schema.ts';
import { PRUNE_FAILED } from '../api/reasons.ts';
import type { InventoryEntry, State } from '../plan/state.ts';
import type { Delivered, Delivery, StateKeeper } from '../plan/target.ts';
import { hasWider, widestDecisions } from '../plan/widest-decisions.ts';
import { applyStages } from './apply-stages.ts';
import type { Compared } from './compare-objects.ts';
import type { ApplyContext, Decision } from './decide.ts';
import { failuresError } from './failure.ts';
import { NO_STATE, nextInventory, widestInventory } from './inventory.ts';
import { type Pruned, prune } from './prune.ts';
import { watchComing } from './watch-coming.ts';

/** What a delivery works with. */
export interface DeliverOptions extends ApplyContext {
  readonly spec: ApplyTargetSpec;
  readonly keeper: StateKeeper;
  readonly force?: boolean;
}

/**
 * Applies, and deletes only when everything was applied: what failed may be the successor of what would go. The
 * inventory is kept first as all that may exist from then on, and at the end as what does. Throws a WaitingError or
 * a DeliveryError that lists every failure.
 */
export async function deliverObjects(
  { plan, next, previous }: Delivery,
  compared: Compared,
  options: DeliverOptions,
): Promise<Delivered> {
  const { keeper, applied, signal } = options;
  const before = previous.state ?? NO_STATE;
  const planned = new Map(plan.changes.map(({ id, action }) => [id, action]));
  const decisions = compared.decisions.filter(({ object, action }) => planned.get(object.id) === action);
  const removals = compared.removals.filter(({ entry, action }) => planned.get(entry.id) === action);

  // Remember what may exist from now on, so that nothing is lost when the process ends here
  const intended = intendedState(before, next, decisions);
  const isWider = intended.inventory.length > before.inventory.length;
  if (isWider || hasWider(intended.decisions, before.decisions)) await keeper.intend(intended, signal);
  let kept = intended;
  try {
    // Apply
    const { failures, unchanged } = await applyStages(
      decisions,
      options.spec.force || options.force === true,
      options,
    );
    applied.deliveredAt = options.now();
    if (failures.length > 0) throw failuresError(failures);

    // Delete what is no longer rendered; should the process end within it, all of it counts as deleted
    if (removals.some(({ action }) => action === 'deleted')) {
      kept = { ...intended, deletions: next.deletions };
      await keeper.intend(kept, signal);
    }
    const pruned = await prune(removals, options);
    kept = afterPruning({ next, before, compared, pruned });
    const left = [...removals.flatMap(({ failure }) => failure ?? []), ...pruned.failures];
    if (left.length > 0) throw failuresError(left, PRUNE_FAILED);
    await watchComing(compared, options);
    return { revision: compared.revision, unchanged };
  } finally {
    keeper.keep(kept);
  }
}

/** What stands at the most once the delivery has begun. */
function intendedState(before: State, next: State, decisions: readonly Decision[]): State {
  const tuned = widestDecisions(before.decisions, next.decisions);
  const inventory = widestInventory(before.inventory, decisions);
  return { ...before, inventory, ...(tuned && { decisions: tuned }) };
}

interface Outcome {
  readonly next: State;
  readonly before: State;
  readonly compared: Compared;
  readonly pruned: Pruned;
}

/** What could not be deleted stays in the inventory, and does not count as deleted. */
function afterPruning({ next, before, compared, pruned }: Outcome): State {
  const failed = new Set(pruned.failures.map(({ id }) => id));
  const earlier = new Set(before.deletions);
  const left: InventoryEntry[] = compared.removals
    .filter(({ action, entry }) => action === 'deleted' && failed.has(entry.id))
    .map(({ entry }) => entry);
  return {
    ...next,
    inventory: [...nextInventory(compared.decisions, compared.removals, before.inventory), ...left],
    deletions: next.deletions.filter((deletion) => earlier.has(deletion) || !failed.has(deletion.id)),
  };
}
