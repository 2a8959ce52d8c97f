import type { GeneratorSetStatus, StatusInventory } from '../api/status.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { Logger } from '../lib/logger.ts';
import type { State } from '../plan/state.ts';
import { DECISIONS, type StatusDecision, toStatusDecisions } from './decisions.ts';
import { INVENTORY, type StatusEntry, toEntries, toState } from './inventory.ts';
import type { KnownLists } from './known-sets.ts';
import { type ListStore, loadEntries, removeUnused, saveEntries } from './list-store.ts';
import type { SetIdentity } from './set-identity.ts';

/** Where the state of one set stands beside its status. */
export interface StateStore {
  readonly client: ClusterClient;
  readonly set: SetIdentity;
  /** Kept true here. */
  readonly known: KnownLists;
  readonly log: Logger;
}

/** What the status says of a state. */
export interface StoredState {
  readonly inventory: StatusInventory;
  /** Absent where nothing is tuned; one of them where something is. */
  readonly decisions?: StatusDecision[];
  readonly decisionShards?: NonNullable<GeneratorSetStatus['decisionShards']>;
}

/** The state that a status and its shards tell of. Throws when the API server does not answer. */
export async function loadState(
  store: StateStore,
  status: GeneratorSetStatus | undefined,
  signal: AbortSignal,
): Promise<State | undefined> {
  const { decisions: inline, decisionShards } = status ?? {};
  const kept = { count: 0, ...decisionShards, ...(inline && { entries: inline }) };
  const [entries, decisions] = await Promise.all([
    loadEntries(inventoryStore(store), status?.inventory && { count: 0, ...status.inventory }, signal),
    loadEntries(decisionStore(store), kept, signal),
  ]);
  return toState(status, { entries, decisions });
}

/** Writes what of a state does not stand in the status, and gives what does. */
export async function saveState(store: StateStore, state: State, signal: AbortSignal): Promise<StoredState> {
  const [inventory, decisions] = await Promise.all([
    saveEntries(inventoryStore(store), toEntries(state), signal),
    saveEntries(decisionStore(store), toStatusDecisions(state.decisions), signal),
  ]);
  const { entries, shards, count, digest } = inventory;
  return {
    inventory: {
      ...(entries && { entries: [...entries] }),
      count,
      ...(digest !== undefined && shards && { digest, shards: [...shards] }),
    },
    ...(decisions.entries && decisions.count > 0 && { decisions: [...decisions.entries] }),
    ...(decisions.shards &&
      decisions.digest !== undefined && {
        decisionShards: {
          count: decisions.count,
          digest: decisions.digest,
          shards: [...decisions.shards],
        },
      }),
  };
}

/** Removes the shards that the status, as it is written now, does not name any more. */
export async function removeUnusedShards(
  store: StateStore,
  status: GeneratorSetStatus,
  signal: AbortSignal,
): Promise<void> {
  await removeUnused(inventoryStore(store), status.inventory?.shards, signal);
  await removeUnused(decisionStore(store), status.decisionShards?.shards, signal);
}

function inventoryStore({ client, set, known, log }: StateStore): ListStore<StatusEntry> {
  return { client, set, log, kind: INVENTORY, known: known.inventory };
}

function decisionStore({ client, set, known, log }: StateStore): ListStore<StatusDecision> {
  return { client, set, log, kind: DECISIONS, known: known.decisions };
}
