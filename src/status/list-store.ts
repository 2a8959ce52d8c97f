import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { createLimiter } from '../lib/limiter.ts';
import type { Logger } from '../lib/logger.ts';
import {
  digestOfEntries,
  isSameList,
  type KeptList,
  type ListKind,
  MAX_ENTRIES,
  readEntries,
  sortEntries,
} from './kept-list.ts';
import { divideList, readShardName } from './list-shards.ts';
import type { SetIdentity } from './set-identity.ts';
import { readShard, removeShard, writeShard } from './shard-store.ts';

/** Shards that are read or written at a time. */
const CONCURRENCY = 4;

/** Shards of a list as they were read or written last, by name. */
export type KnownShards<Entry> = Map<string, readonly Entry[]>;

/** What the shards of one list of a set are reached with. */
export interface ListStore<Entry> {
  readonly client: ClusterClient;
  readonly set: SetIdentity;
  readonly kind: ListKind<Entry>;
  /** Kept true here. */
  readonly known: KnownShards<Entry>;
  readonly log: Logger;
}

/**
 * All entries of a list, from the status and from the shards that it names. They are hints of what may be deleted, and
 * of what was decided, so that too many do no harm and too few leave resources behind: whatever can be read counts, and
 * what is missing is logged. Throws when the API server does not answer.
 */
export async function loadEntries<Entry>(
  store: ListStore<Entry>,
  kept: KeptList<Entry> | undefined,
  signal: AbortSignal,
): Promise<Entry[]> {
  const { kind, known } = store;
  const inline = readEntries(kind, kept?.entries as never);
  const names = ownShards(store, kept);
  if (names.length === 0) return sortEntries(kind, inline);
  const before = [...known.values()].flat();
  if (names.every((name) => known.has(name))) {
    const entries = sortEntries(kind, [...inline, ...before]);
    if (digestOfEntries(kind, entries) === kept?.digest) return entries;
  }
  await readShards(store, names, signal);
  // What the status names is newer than what was known otherwise.
  const named = names.flatMap((name) => known.get(name) ?? []);
  const entries = sortEntries(kind, [...inline, ...before, ...named]);
  if (digestOfEntries(kind, entries) !== kept?.digest) warnOfLoss(store, kept, entries.length);
  return entries;
}

/** Writes those shards of a list that have changed, and gives what the status must say of it. */
export async function saveEntries<Entry>(
  store: ListStore<Entry>,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<KeptList<Entry>> {
  const { client, set, kind, known } = store;
  const { kept, shards } = divideList(kind, entries, { owner: set, before: [...known.keys()] });
  const changed = [...shards].filter(([name, shard]) => !isSameList(kind, known.get(name), shard));
  const limit = createLimiter(CONCURRENCY);
  await Promise.all(
    changed.map(([name, shard]) =>
      limit(async () => {
        await writeShard(client, { set, kind, name, entries: shard }, signal);
        known.set(name, shard);
      }),
    ),
  );
  return kept;
}

/** Removes the shards that the status, as it is written now, does not name any more. */
export async function removeUnused<Entry>(
  { client, set, known }: ListStore<Entry>,
  shards: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<void> {
  const used = new Set(shards);
  for (const name of known.keys()) {
    if (used.has(name)) continue;
    await removeShard(client, { set, name }, signal);
    known.delete(name);
  }
}

/** A status may name any ConfigMap; only shards of this very set and list are ever touched. */
function ownShards<Entry>({ set, kind }: ListStore<Entry>, kept: KeptList<Entry> | undefined): string[] {
  const names: readonly unknown[] = Array.isArray(kept?.shards) ? kept.shards : [];
  const own = names.filter(
    (name) => typeof name === 'string' && readShardName(kind, set, name) !== undefined,
  );
  return [...new Set(own as string[])];
}

/** One that is gone keeps what is known of it. */
async function readShards<Entry>(
  { client, set, kind, known }: ListStore<Entry>,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const limit = createLimiter(CONCURRENCY);
  let room = MAX_ENTRIES;
  const read = async (name: string): Promise<void> => {
    if (room <= 0) return;
    const entries = await readShard(client, { set, kind, name }, signal);
    if (entries) known.set(name, sortEntries(kind, entries));
    room -= entries?.length ?? 0;
  };
  await Promise.all(names.map((name) => limit(() => read(name))));
}

function warnOfLoss<Entry>(
  { set: { namespace, name }, kind, log }: ListStore<Entry>,
  kept: KeptList<Entry> | undefined,
  found: number,
): void {
  const message = `the shards of the ${kind.word} are not what the status says: what can be read of them counts`;
  log.warn(message, { namespace, name, expected: kept?.count, found });
}
