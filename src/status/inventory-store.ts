import type { StatusInventory } from '../api/status.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { createLimiter } from '../lib/limiter.ts';
import type { Logger } from '../lib/logger.ts';
import type { State } from '../plan/state.ts';
import {
  digestOfEntries,
  MAX_ENTRIES,
  readEntries,
  type StatusEntry,
  sortEntries,
  toEntries,
} from './inventory.ts';
import { readShardName, storeInventory } from './inventory-shards.ts';
import type { KnownShards } from './known-sets.ts';
import type { SetIdentity } from './set-identity.ts';
import { readShard, removeShard, writeShard } from './shard-store.ts';

/** Shards that are read or written at a time. */
const CONCURRENCY = 4;

/** What the shards of a set are reached with. */
export interface InventoryStore {
  readonly client: ClusterClient;
  readonly set: SetIdentity;
  /** As they were read or written last; kept true here. */
  readonly known: KnownShards;
  readonly log: Logger;
}

/**
 * All entries of an inventory, from the status and from the shards that it names. Entries are hints of what may be
 * deleted, so that too many do no harm and too few leave resources behind: whatever can be read counts, and what is
 * missing is logged. Throws when the API server does not answer.
 */
export async function loadEntries(
  store: InventoryStore,
  inventory: StatusInventory | undefined,
  signal: AbortSignal,
): Promise<StatusEntry[]> {
  const inline = readEntries(inventory?.entries);
  const names = ownShards(store.set, inventory);
  if (names.length === 0) return union([inline]);
  const known = [...store.known.values()];
  if (names.every((name) => store.known.has(name))) {
    const entries = union([inline, ...known]);
    if (digestOfEntries(entries) === inventory?.digest) return entries;
  }
  const limit = createLimiter(CONCURRENCY);
  let room = MAX_ENTRIES;
  await Promise.all(
    names.map((name) =>
      limit(async () => {
        if (room > 0) room -= await readInto(store, name, signal);
      }),
    ),
  );
  const entries = union([inline, ...known, ...store.known.values()]);
  if (digestOfEntries(entries) !== inventory?.digest) {
    const { namespace, name } = store.set;
    store.log.warn(
      'the shards of the inventory are not what the status says: what can be read of them counts',
      {
        namespace,
        name,
        expected: inventory?.count,
        found: entries.length,
      },
    );
  }
  return entries;
}

/** Writes those shards of a state that have changed, and gives what the status must say of it. */
export async function saveEntries(
  store: InventoryStore,
  state: Pick<State, 'inventory'>,
  signal: AbortSignal,
): Promise<StatusInventory> {
  const { inventory, shards } = storeInventory(store.set, toEntries(state), [...store.known.keys()]);
  const changed = [...shards].filter(([name, entries]) => !isSame(store.known.get(name), entries));
  const limit = createLimiter(CONCURRENCY);
  const { client, set } = store;
  await Promise.all(
    changed.map(([name, entries]) =>
      limit(async () => {
        await writeShard(client, { set, name, entries }, signal);
        store.known.set(name, entries);
      }),
    ),
  );
  return inventory;
}

/** Removes the shards that the status, as it is written now, does not name any more. */
export async function removeUnused(
  store: InventoryStore,
  inventory: StatusInventory | undefined,
  signal: AbortSignal,
): Promise<void> {
  const used = new Set(inventory?.shards);
  for (const name of store.known.keys()) {
    if (used.has(name)) continue;
    await removeShard(store.client, { set: store.set, name }, signal);
    store.known.delete(name);
  }
}

/** A status may name any ConfigMap; only shards of this very set are ever touched. */
function ownShards(set: SetIdentity, inventory: StatusInventory | undefined): string[] {
  const names: readonly unknown[] = Array.isArray(inventory?.shards) ? inventory.shards : [];
  const own = names.filter((name) => typeof name === 'string' && readShardName(set, name) !== undefined);
  return [...new Set(own as string[])];
}

/** Gives how many entries the shard has. One that is gone keeps what is known of it. */
async function readInto(
  { client, set, known }: InventoryStore,
  name: string,
  signal: AbortSignal,
): Promise<number> {
  const entries = await readShard(client, { set, name }, signal);
  if (entries) known.set(name, sortEntries(entries));
  return entries?.length ?? 0;
}

function union(lists: Iterable<readonly StatusEntry[]>): StatusEntry[] {
  const byId = new Map<string, StatusEntry>();
  for (const list of lists) for (const entry of list) byId.set(entry.id, entry);
  return sortEntries([...byId.values()]);
}

function isSame(one: readonly StatusEntry[] | undefined, other: readonly StatusEntry[]): boolean {
  if (one?.length !== other.length) return false;
  return one.every(({ id, v }, index) => id === other[index]?.id && v === other[index]?.v);
}
