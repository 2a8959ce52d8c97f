import { sha256 } from '../lib/digest.ts';
import type { Deletion, InventoryEntry, State } from '../plan/state.ts';
import type { Delivery } from '../plan/target.ts';
import type { FileChanges } from './file-changes.ts';

/** What a delivery is about to do, written down before the first file changes. */
export interface DeliveryIntent {
  /** Entries of the files that will be written, with the digests that they will have. */
  readonly writes: readonly InventoryEntry[];
  readonly removals: readonly IntendedRemoval[];
}

/** A file that will be removed, and the deletion that counts it. */
export interface IntendedRemoval extends Deletion {
  readonly path: string;
}

/** The intent of a delivery that does these things to files. */
export function makeIntent({ plan, next }: Delivery, { writes, removals }: FileChanges): DeliveryIntent {
  const paths = new Set(removals);
  const times = new Map(next.deletions.map(({ id, at }) => [id, at]));
  const deleted = plan.changes.filter(({ path }) => paths.has(path));
  return {
    writes: next.inventory.filter(({ path }) => writes.has(path)),
    removals: deleted.flatMap(({ id, path }) => {
      const at = times.get(id);
      return at === undefined ? [] : [{ path, id, at }];
    }),
  };
}

/**
 * The state that a delivery which did not end has left: what it wrote is in the inventory, what it removed is
 * counted, and the rest is as it was before. Files that are gone stay in the inventory, so that the next pass has
 * something to deliver and keeps the count.
 */
export function settleState(
  before: State,
  intent: DeliveryIntent,
  readText: (path: string) => string | undefined,
): State {
  const written = intent.writes.filter(({ path, digest }) => {
    const text = readText(path);
    return text !== undefined && sha256(text) === digest;
  });
  const removed = intent.removals.filter(({ path }) => readText(path) === undefined);
  const inventory = new Map([...before.inventory, ...written].map((entry) => [entry.path, entry]));
  return {
    ...before,
    inventory: [...inventory.values()],
    deletions: [...before.deletions, ...removed.map(({ id, at }) => ({ id, at }))],
  };
}
