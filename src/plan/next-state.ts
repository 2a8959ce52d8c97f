import type { Decision } from '../api/decision.ts';
import type { Change } from './change.ts';
import type { DesiredFile } from './desired-file.ts';
import { recentDeletions } from './guard.ts';
import { elementId } from './keep-held.ts';
import type { Plan } from './plan.ts';
import type { InventoryEntry, State } from './state.ts';

/** The state that stands after a plan was delivered. */
export function nextState(
  plan: Plan,
  { desired, decisions }: { desired: readonly DesiredFile[]; decisions?: readonly Decision[] },
  previous: State | undefined,
  now: Date,
): State {
  const deleted = plan.changes.filter((change) => change.action === 'deleted');
  const at = now.toISOString();
  return {
    version: 1,
    inventory: [...desired.map(toEntry), ...stillTracked(plan, previous)],
    deletions: [...recentDeletions(previous, now), ...deleted.map(({ id }) => ({ id, at }))],
    delivered: plan.digest,
    ...(decisions && decisions.length > 0 && { decisions }),
  };
}

/**
 * The decisions that stand after a delivery: those that were made, and of elements that are gone those whose resources
 * stay although nothing renders them. Should such an element come back, its values go on from there.
 */
export function standingDecisions(
  changes: readonly Change[],
  made: readonly Decision[],
  { decisions = [], inventory }: Pick<State, 'decisions' | 'inventory'>,
): readonly Decision[] {
  const skipped = skippedPaths(changes);
  const staying = new Set(inventory.filter(({ path }) => skipped.has(path)).map(({ element }) => element));
  const present = new Set(made.map(({ element }) => element));
  const names = new Set(made.map(({ name }) => name));
  const kept = decisions.filter(
    ({ element, name }) =>
      !present.has(element) && names.has(name) && (staying.has(element) || staying.has(elementId(element))),
  );
  return kept.length === 0 ? made : [...made, ...kept];
}

/** Whether a value of the decisions is new, gone, or another one: what must be remembered. */
export function differ(one: readonly Decision[] = [], other: readonly Decision[] = []): boolean {
  const identify = ({ element, name, value }: Decision) => JSON.stringify([element, name, value]);
  const values = new Set(one.map(identify));
  return one.length !== other.length || other.some((decision) => !values.has(identify(decision)));
}

function toEntry(file: DesiredFile): InventoryEntry {
  const { from, template } = file.rendered;
  return {
    id: file.id,
    path: file.path,
    digest: file.digest,
    ...(from.key !== undefined && { element: from.key }),
    generator: from.generator,
    template,
  };
}

/** Files that should go but were edited by somebody: they stay, and stay tracked. */
function stillTracked(plan: Plan, previous: State | undefined): InventoryEntry[] {
  const skipped = skippedPaths(plan.changes);
  return (previous?.inventory ?? []).filter((entry) => skipped.has(entry.path));
}

/** Of what nothing is done about, though it is there. */
function skippedPaths(changes: readonly Change[]): ReadonlySet<string> {
  const skipped = changes.filter(({ action, before }) => action === 'skipped' && before !== undefined);
  return new Set(skipped.map(({ path }) => path));
}
