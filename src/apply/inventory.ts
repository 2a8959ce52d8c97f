import { apiGroup } from '../api/resource.ts';
import { elementId } from '../plan/keep-held.ts';
import type { InventoryEntry, State } from '../plan/state.ts';
import type { Decision } from './decide.ts';
import type { Removal } from './removals.ts';

/** The state of a set that has never delivered. */
export const NO_STATE: State = { version: 1, inventory: [], deletions: [] };

/** What the inventory holds when everything has been done: what is applied, and what is kept though not rendered. */
export function nextInventory(
  decisions: readonly Decision[],
  removals: readonly Removal[],
  previous: readonly InventoryEntry[],
): InventoryEntry[] {
  const before = new Set(previous.map(({ id }) => id));
  const kept = removals.filter(({ action, isTracked }) => action === 'skipped' && isTracked);
  return [
    ...decisions.filter((decision) => isTracked(decision, before)).map(toEntry),
    ...kept.map(({ entry }) => entry),
  ];
}

/** Everything that was in the inventory or may be there from now on. */
export function widestInventory(
  previous: readonly InventoryEntry[],
  decisions: readonly Decision[],
): InventoryEntry[] {
  const entries = new Map(previous.map((entry) => [entry.id, entry]));
  for (const decision of decisions) {
    if (decision.action !== 'skipped') entries.set(decision.object.id, toEntry(decision));
  }
  return [...entries.values()];
}

/** An object that is left alone is ours only when it was before. */
function isTracked({ action, object }: Decision, before: ReadonlySet<string>): boolean {
  return action !== 'skipped' || before.has(object.id);
}

function toEntry({ object: { id, resource, digest, file } }: Decision): InventoryEntry {
  const { from, template } = file.rendered;
  const { apiVersion } = resource;
  const group = apiGroup(apiVersion);
  return {
    ...{ id, path: id, digest },
    ...(from.key !== undefined && { element: elementId(from.key) }),
    ...{ generator: from.generator, template },
    version: group === '' ? apiVersion : apiVersion.slice(group.length + 1),
  };
}
