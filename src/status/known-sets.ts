import type { GeneratorSetStatus } from '../api/status.ts';
import { isOlder } from '../clients/cluster/compare-versions.ts';
import type { StatusDecision } from './decisions.ts';
import type { StatusEntry } from './inventory.ts';
import type { KnownShards } from './list-store.ts';

/** What was written last of a set, until whoever watches the sets has seen it. */
interface Written {
  readonly resourceVersion: string;
  readonly status: GeneratorSetStatus;
}

/** The shards of the lists of one set. */
export interface KnownLists {
  readonly inventory: KnownShards<StatusEntry>;
  readonly decisions: KnownShards<StatusDecision>;
}

/**
 * What this process knows of sets better than the watch that brings them: a watch lags behind our own writes, and
 * shards are read only once.
 */
export class KnownSets {
  readonly #written = new Map<string, Written>();
  readonly #lists = new Map<string, KnownLists>();

  /** The newer of what the watch brought and what was written. */
  statusOf(
    uid: string,
    seen: { readonly resourceVersion: string; readonly status: GeneratorSetStatus | undefined },
  ): GeneratorSetStatus | undefined {
    this.seen(uid, seen.resourceVersion);
    return this.#written.get(uid)?.status ?? seen.status;
  }

  /** Keeps what was written. */
  wrote(uid: string, written: Written): void {
    this.#written.set(uid, written);
  }

  /**
   * The watch has brought this version: what was written up to it need not be kept. What cannot be compared counts as
   * newer, as a server that was restored from a backup may do anything.
   */
  seen(uid: string, resourceVersion: string): void {
    const written = this.#written.get(uid);
    if (written && !isOlder(resourceVersion, written.resourceVersion)) this.#written.delete(uid);
  }

  /** The shards of a set, for the caller to keep true. */
  shardsOf(uid: string): KnownLists {
    return this.#lists.get(uid) ?? { inventory: new Map(), decisions: new Map() };
  }

  /** Keeps shards, or forgets that there were any. */
  keepShards(uid: string, lists: KnownLists): void {
    if (lists.inventory.size + lists.decisions.size > 0) this.#lists.set(uid, lists);
    else this.#lists.delete(uid);
  }

  /** Forgets a set that is gone. */
  forget(uid: string): void {
    this.#written.delete(uid);
    this.#lists.delete(uid);
  }
}
