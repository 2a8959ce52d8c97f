import { StalledError, WaitingError } from '../api/errors.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { LastRuns } from '../clients/files/last-runs.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { backoff, jitter, MAX_RETRY_DELAY } from '../lib/backoff.ts';
import { sha256 } from '../lib/digest.ts';
import { canonicalJson, type JsonValue } from '../lib/json.ts';
import { hasComeSince, nextRetry, nextRun, type Timing } from './next-run.ts';
import type { SetResult } from './reconcile-all.ts';

/** When a set is due, and what is remembered between its passes. */
interface Entry {
  readonly digest: string;
  /** Milliseconds of the monotonic clock; Infinity: only a change makes it due. */
  dueAt: number;
  /** Whether the next pass asks every generator. */
  all: boolean;
  failures: number;
  /** When the present pass began, and the last good one, in milliseconds of the epoch. */
  begunAt?: number;
  lastRun?: number;
  readonly memory: ElementMemory;
}

/** Time and chance, handed in. */
interface ScheduleClock {
  /** Milliseconds of the epoch, for last runs and schedules only: it may jump. */
  now(): number;
  /** Milliseconds that never jump. */
  monotonic(): number;
  random(): number;
}

/**
 * Says which sets are due: at once when new or changed, then on their interval with jitter or on their schedule, after
 * a failure with backoff. A set whose last good pass is younger than its interval waits for the rest of it, also after a restart.
 */
export class Schedule {
  readonly #entries = new Map<string, Entry>();
  /** Sets whose pass has begun and not ended, each with the digest that it had then. */
  readonly #running = new Map<string, string>();
  readonly #lastRuns: LastRuns;
  readonly #clock: ScheduleClock;
  readonly #interval: (loaded: LoadedSet) => number | undefined;
  readonly #isDelivered: (loaded: LoadedSet) => Promise<boolean>;
  readonly #onWait: (loaded: LoadedSet, milliseconds: number) => void;
  readonly #digestObjects: () => Promise<string>;
  #objects = '';

  constructor(options: {
    lastRuns: LastRuns;
    clock: ScheduleClock;
    interval(loaded: LoadedSet): number | undefined;
    /** Whether the target still has what the last run delivered; without that, a last run counts for nothing. */
    isDelivered(loaded: LoadedSet): Promise<boolean>;
    /** Digest of the objects that sets may read; another one makes all of them due, as no watch does here. */
    digestObjects?(): Promise<string>;
    /** Told of a set that waits for the rest of its interval. */
    onWait?(loaded: LoadedSet, milliseconds: number): void;
  }) {
    this.#lastRuns = options.lastRuns;
    this.#clock = options.clock;
    this.#interval = options.interval;
    this.#isDelivered = options.isDelivered;
    this.#onWait = options.onWait ?? (() => {});
    this.#digestObjects = options.digestObjects ?? (async () => '');
  }

  /** Takes the sets as they are now, and gives those that are due and not running; sets that are gone are forgotten. */
  async due(sets: readonly LoadedSet[]): Promise<LoadedSet[]> {
    this.#objects = await this.#digestObjects();
    const keys = new Set(sets.map(setKey));
    for (const key of this.#entries.keys()) if (!keys.has(key)) this.#entries.delete(key);
    for (const loaded of sets) await this.#track(loaded);
    return sets.filter((loaded) => {
      const key = setKey(loaded);
      const entry = this.#entries.get(key);
      if (!entry || this.#running.has(key)) return false;
      this.#followClock(loaded, entry);
      return entry.dueAt <= this.#clock.monotonic();
    });
  }

  /** Milliseconds until the next set is due; Infinity when only a change or the end of a pass makes one. */
  untilNext(): number {
    const idle = [...this.#entries].filter(([key]) => !this.#running.has(key)).map(([, { dueAt }]) => dueAt);
    return Math.max(0, Math.min(Number.POSITIVE_INFINITY, ...idle) - this.#clock.monotonic());
  }

  /** Notes that a pass begins; gives what it remembers, and whether it asks every generator. */
  begin(loaded: LoadedSet): { memory: ElementMemory; all: boolean } {
    const key = setKey(loaded);
    const entry = this.#entries.get(key);
    if (!entry) throw new Error(`${key} is not scheduled`);
    this.#running.set(key, entry.digest);
    entry.begunAt = this.#clock.now();
    return { memory: entry.memory, all: entry.all || hasComeSince(this.#timing(loaded, entry.lastRun)) };
  }

  /**
   * Notes how a pass ended, and when the next is due. A set that changed or went away meanwhile is left as it is.
   * Rejects when the last run cannot be kept; the schedule stands all the same.
   */
  async finish({ loaded, error, outcome }: SetResult): Promise<void> {
    const key = setKey(loaded);
    const digest = this.#running.get(key) ?? this.#digestOf(loaded);
    this.#running.delete(key);
    const entry = this.#entries.get(key);
    if (!entry || entry.digest !== digest) return;
    const now = this.#clock.monotonic();
    if (error) {
      entry.failures++;
      const delay = this.#retryDelay(error, entry.failures);
      entry.dueAt = now + nextRetry(this.#timing(loaded, entry.lastRun), delay);
      return;
    }
    const lastRun = entry.begunAt ?? this.#clock.now();
    Object.assign(entry, { failures: 0, all: false, lastRun });
    entry.dueAt =
      now + (loaded.set.spec.schedule ? this.#untilNext(loaded, lastRun) : this.#jittered(loaded));
    // What is held waits for an approval, which may come with the next start.
    if (!outcome?.plan.held && !outcome?.plan.heldChanges)
      await this.#lastRuns.write(key, entry.digest, lastRun);
  }

  /** A clock that jumped, or a machine that slept, has brought the times of a schedule nearer or farther. */
  #followClock(loaded: LoadedSet, entry: Entry): void {
    if (!loaded.set.spec.schedule || entry.failures > 0 || entry.lastRun === undefined) return;
    entry.dueAt = this.#clock.monotonic() + this.#untilNext(loaded, entry.lastRun);
  }

  #untilNext(loaded: LoadedSet, lastRun: number | undefined): number {
    return nextRun(this.#timing(loaded, lastRun)) ?? Number.POSITIVE_INFINITY;
  }

  #timing(loaded: LoadedSet, lastRun: number | undefined): Timing {
    const { schedule } = loaded.set.spec;
    const interval = this.#interval(loaded);
    return { interval, lastRun, uid: setKey(loaded), now: this.#clock.now(), ...(schedule && { schedule }) };
  }

  /** Of everything that a pass over the set reads from files. */
  #digestOf({ set }: LoadedSet): string {
    return sha256(canonicalJson(set as unknown as JsonValue) + this.#objects);
  }

  async #track(loaded: LoadedSet): Promise<void> {
    const key = setKey(loaded);
    const digest = this.#digestOf(loaded);
    const known = this.#entries.get(key);
    if (known?.digest === digest) return;
    const rest = known ? { wait: 0 } : await this.#restOfWait(loaded, digest);
    if (rest.wait > 0) this.#onWait(loaded, rest.wait);
    this.#entries.set(key, {
      digest,
      dueAt: this.#clock.monotonic() + rest.wait,
      all: true,
      failures: 0,
      ...('lastRun' in rest && { lastRun: rest.lastRun }),
      memory: new ElementMemory(() => this.#clock.monotonic()),
    });
  }

  /**
   * What is left of the wait for the next pass since the last run. Nothing when that is unknown, or when the target
   * has lost the delivery.
   */
  async #restOfWait(loaded: LoadedSet, digest: string): Promise<{ wait: number; lastRun?: number }> {
    const lastRun = await this.#lastRuns.read(setKey(loaded), digest);
    if (lastRun === undefined) return { wait: 0 };
    const { schedule } = loaded.set.spec;
    const wait = schedule ? this.#untilNext(loaded, lastRun) : this.#restOfInterval(loaded, lastRun);
    return wait > 0 && (await this.#isDelivered(loaded)) ? { wait, lastRun } : { wait: 0 };
  }

  /** Nothing when the last run lies in the future, or when there is no interval: then nobody is asked too often. */
  #restOfInterval(loaded: LoadedSet, lastRun: number): number {
    const interval = this.#jittered(loaded);
    const age = this.#clock.now() - lastRun;
    return age < 0 || age >= interval || interval === Number.POSITIVE_INFINITY ? 0 : interval - age;
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
