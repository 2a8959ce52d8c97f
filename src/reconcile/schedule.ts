import { StalledError, WaitingError } from '../api/errors.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { LastRuns } from '../clients/files/last-runs.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { backoff, jitter, MAX_RETRY_DELAY } from '../lib/backoff.ts';
import { sha256 } from '../lib/digest.ts';
import { canonicalJson, type JsonValue } from '../lib/json.ts';

/** When a set is due, and what is remembered between its passes. */
interface Entry {
  digest: string;
  /** Milliseconds of the epoch; Infinity: only a change makes it due. */
  dueAt: number;
  /** Whether the next pass asks every generator. */
  all: boolean;
  failures: number;
  readonly memory: ElementMemory;
}

interface Clock {
  /** Milliseconds of the epoch. */
  now(): number;
  /** Milliseconds that never jump back. */
  monotonic(): number;
  random(): number;
}

/**
 * Says which sets are due: at once when new or changed, then on their interval with jitter, after a failure with
 * backoff. A set whose last good pass is younger than its interval waits for the rest of it, also after a restart.
 */
export class Schedule {
  readonly #entries = new Map<string, Entry>();
  readonly #lastRuns: LastRuns;
  readonly #clock: Clock;
  readonly #interval: (loaded: LoadedSet) => number | undefined;

  constructor(options: {
    lastRuns: LastRuns;
    clock: Clock;
    interval(loaded: LoadedSet): number | undefined;
  }) {
    this.#lastRuns = options.lastRuns;
    this.#clock = options.clock;
    this.#interval = options.interval;
  }

  /** Takes the sets as they are now, and gives those that are due; sets that are gone are forgotten. */
  async due(sets: readonly LoadedSet[]): Promise<LoadedSet[]> {
    const keys = new Set(sets.map(setKey));
    for (const key of this.#entries.keys()) if (!keys.has(key)) this.#entries.delete(key);
    for (const loaded of sets) await this.#track(loaded);
    return sets.filter((loaded) => this.#entry(loaded).dueAt <= this.#clock.now());
  }

  /** Milliseconds until the next set is due; Infinity when only a change makes one. */
  untilNext(): number {
    const next = Math.min(Number.POSITIVE_INFINITY, ...[...this.#entries.values()].map(({ dueAt }) => dueAt));
    return Math.max(0, next - this.#clock.now());
  }

  /** What the next pass over a set remembers, and whether it asks every generator. */
  pass(loaded: LoadedSet): { memory: ElementMemory; all: boolean } {
    const { memory, all } = this.#entry(loaded);
    return { memory, all };
  }

  /** Notes that a pass ended, and when the next is due. */
  async finish(loaded: LoadedSet, error?: Error): Promise<void> {
    const entry = this.#entry(loaded);
    const now = this.#clock.now();
    if (error) {
      entry.failures++;
      entry.dueAt = now + this.#retryDelay(error, entry.failures);
      return;
    }
    entry.failures = 0;
    entry.all = false;
    entry.dueAt = now + this.#jittered(loaded);
    await this.#lastRuns.write(setKey(loaded), entry.digest, now);
  }

  async #track(loaded: LoadedSet): Promise<void> {
    const key = setKey(loaded);
    const digest = sha256(canonicalJson(loaded.set as unknown as JsonValue));
    const known = this.#entries.get(key);
    if (known?.digest === digest) return;
    const lastRun = known ? undefined : await this.#lastRuns.read(key, digest);
    this.#entries.set(key, {
      digest,
      dueAt: lastRun === undefined ? this.#clock.now() : lastRun + this.#jittered(loaded),
      all: true,
      failures: 0,
      memory: new ElementMemory(() => this.#clock.monotonic()),
    });
  }

  #entry(loaded: LoadedSet): Entry {
    const entry = this.#entries.get(setKey(loaded));
    if (!entry) throw new Error(`${setKey(loaded)} is not scheduled`);
    return entry;
  }

  #jittered(loaded: LoadedSet): number {
    const interval = this.#interval(loaded);
    return interval === undefined ? Number.POSITIVE_INFINITY : jitter(interval, this.#clock.random);
  }

  #retryDelay(error: Error, failures: number): number {
    if (error instanceof WaitingError) return error.retryAfter;
    if (error instanceof StalledError) return MAX_RETRY_DELAY;
    return backoff(failures, this.#clock.random);
  }
}

/** `namespace/name`, which identifies a set. */
export function setKey({ set }: LoadedSet): string {
  return `${set.metadata.namespace}/${set.metadata.name}`;
}
