import type { ClusterClient } from './cluster-client.ts';
import type { ApiKind } from './discovery.ts';

/** What is kept of a watched object: enough to tell whether somebody touched it, and whose it is. */
export interface WatchedObject {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Counts the changes of the spec; absent for kinds that have none, such as Secrets. */
  readonly generation?: number;
  /** Values of the owner labels; absent where the object has none. */
  readonly ownerName?: string;
  readonly ownerNamespace?: string;
  /**
   * Digest of what our field manager owns (the fieldsV1 of its Apply entry in managedFields); absent when it owns
   * nothing. It changes when anybody changes or removes one of our fields, and stays when others write theirs.
   */
  readonly owned?: string;
  /** Annotations that steer this program, such as `generatorset.dev/prune`. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deleting?: boolean;
}

/** The set that owns objects, as their labels name it. */
export interface WatchOwner {
  readonly namespace: string;
  readonly name: string;
}

/** Which objects are watched, by whom. */
export interface WatchScope {
  readonly client: ClusterClient;
  readonly kind: ApiKind;
  /** Empty: cluster-scoped kinds, or all namespaces. */
  readonly namespace: string;
  /** `generatorset.dev/name` to see owned objects only; absent: all. */
  readonly labelSelector?: string;
  /** Whose objects the listener wants to hear of: what carries its labels, or did until now. Absent: of all. */
  readonly owner?: WatchOwner;
}

/** Called with the object's name (`namespace/name`, or `name` of cluster-scoped kinds) after the cache has changed. */
export type WatchListener = (
  key: string,
  before: WatchedObject | undefined,
  after: WatchedObject | undefined,
) => void;

/** One user's hold on a shared watch. */
export interface WatchHandle {
  /**
   * Resolves when the cache is whole: true, or false where the identity may not list or watch this (403) or the kind
   * cannot be watched. Then `get` knows nothing, and whoever asked must read by itself.
   */
  synced(signal: AbortSignal): Promise<boolean>;
  /**
   * Where `synced` gave false: false where the server does not serve the kind now (404), so that there is nothing to
   * watch; else the identity may not, or the kind cannot be watched.
   */
  isServed(): boolean;
  /** Whether the cache may be relied on now: whole, and in contact with the server. */
  isFresh(): boolean;
  get(key: string): WatchedObject | undefined;
  /** Puts what a write's answer said into the cache, so that the next look need not wait for the event. */
  note(key: string, object: WatchedObject | undefined): void;
  release(): void;
}

/** Metadata watches, one for each (identity, kind, namespace, selector), shared by all who ask, ended with the last. */
export interface SharedWatches {
  acquire(scope: WatchScope, listener: WatchListener): WatchHandle;
  /** Ends all of them. */
  close(): Promise<void>;
}
