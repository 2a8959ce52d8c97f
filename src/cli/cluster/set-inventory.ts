import type { JsonObject } from '../../lib/json.ts';
import { INVENTORY } from '../../status/inventory.ts';
import { loadEntries } from '../../status/list-store.ts';
import { nameOf } from './inventory-entries.ts';
import type { ResourceName } from './resource-tree.ts';
import { viewSet } from './set-view.ts';
import type { TreeWorld } from './tree-world.ts';

/** What a set has applied, from its status and from the ConfigMaps that the status names. */
export async function readSetInventory(
  { client, log, signal }: Pick<TreeWorld, 'client' | 'log' | 'signal'>,
  object: JsonObject,
): Promise<readonly ResourceName[]> {
  const { metadata, status } = viewSet(object);
  const { inventory } = status;
  const store = { client, set: metadata, kind: INVENTORY, known: new Map(), log };
  const kept = inventory && { ...inventory, count: inventory.count ?? 0 };
  const entries = await loadEntries(store, kept as never, signal);
  return entries.flatMap((entry) => nameOf(entry) ?? []);
}
