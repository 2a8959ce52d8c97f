import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { type JsonObject, ownValue } from '../lib/json.ts';
import type { Logger } from '../lib/logger.ts';
import { KnownSets } from './known-sets.ts';
import { readStatus } from './read-status.ts';
import { readMetadata } from './set-identity.ts';
import { loadState } from './state-store.ts';
import { createSession, type StatusSession } from './status-session.ts';

export type { StatusSession } from './status-session.ts';

/** The only writer of the status of sets. */
export interface StatusWriter {
  /**
   * Begins a pass over a set as the API server gave it. Asks the API server only where its state stands in shards
   * that this process does not know.
   */
  open(object: JsonObject, signal: AbortSignal): Promise<StatusSession>;
  /** Tells that the watch has brought a set in this version. */
  seen(uid: string, resourceVersion: string): void;
  /** Forgets a set that is gone. */
  forget(uid: string): void;
}

/** `client` is the controller's own: no account of a tenant may write a status. */
export function createStatusWriter(options: {
  readonly client: ClusterClient;
  readonly log: Logger;
  now(): Date;
}): StatusWriter {
  const { client, log } = options;
  const sets = new KnownSets();
  return {
    async open(object, signal) {
      const metadata = readMetadata(object);
      const { uid, resourceVersion } = metadata;
      const status = sets.statusOf(uid, { resourceVersion, status: readStatus(ownValue(object, 'status')) });
      const store = { client, set: metadata, known: sets.shardsOf(uid), log };
      const state = await loadState(store, status, signal);
      sets.keepShards(uid, store.known);
      return createSession({ metadata, store, sets, status, state, now: options.now });
    },
    seen: (uid, resourceVersion) => sets.seen(uid, resourceVersion),
    forget: (uid) => sets.forget(uid),
  };
}
