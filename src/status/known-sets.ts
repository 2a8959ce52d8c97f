import type { GeneratorSetStatus } from '../api/status.ts';
import { isOlder } from '../clients/cluster/compare-versions.ts';
import type { StatusEntry } from './inventory.ts';

/** What was written last of a set, until whoever watches the sets has seen it. */
interface Written {
  readonly resourceVersion: string;
  readonly status: GeneratorSetStatus;
}

/** Shards as they were read or written last, by name. */
export type KnownShards = Map<string, readonly StatusEntry[]>;

/**
 * What this process knows of sets better than the watch that brings them: a watch lags behind our own writes, and
 * shards are read only once.
 */
export class KnownSets {
  readonly #written = new Map<string, Written>();
  readonly #shards = new Map<string, KnownShards>();

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
  shardsOf(uid: string): KnownShards {
    return this.#shards.get(uid) ?? new Map();
  }

  /** Keeps shards, or forgets that there were any. */
  keepShards(uid: string, shards: KnownShards): void {
    if (shards.size > 0) this.#shards.set(uid, shards);
    else this.#shards.delete(uid);
  }

  /** Forgets a set that is gone. */
  forget(uid: string): void {
    this.#written.delete(uid);
    this.#shards.delete(uid);
  }
}
