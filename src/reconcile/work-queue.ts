import { backoff } from '../lib/backoff.ts';
import { DelayedKeys } from './delayed-keys.ts';
import { type Cause, KeyLines, type Place } from './key-lines.ts';

/** Told what happens in a queue; times are seconds. The names follow client-go's workqueue metrics. */
export interface QueueMetrics {
  added(): void;
  /** How many keys wait for a worker. */
  depth(keys: number): void;
  /** How long a key has waited for its worker. */
  latency(seconds: number): void;
  /** How long a worker took. */
  workDuration(seconds: number): void;
  retried(): void;
  /** How long the keys at work have been there, all together; told by `observe`. */
  unfinished(seconds: number): void;
  /** How long the longest of them has; told by `observe`. */
  longestRunning(seconds: number): void;
}

/** Time and chance, handed in. */
export interface QueueClock {
  /** Milliseconds that never jump. */
  monotonic(): number;
  /** Calls back after so many milliseconds, at most 2^31 - 1; gives what calls it off. */
  after(milliseconds: number, callback: () => void): () => void;
  random(): number;
}

interface QueueOptions {
  readonly clock?: QueueClock;
  readonly metrics?: QueueMetrics;
  /** Milliseconds to wait after the first failure, and at most. Default: 750 ms and 15 min, Flux's bounds. */
  readonly retryDelay?: { readonly min?: number; readonly max?: number };
}

/** The longest timer that there is; longer waits are looked at again. */
const MAX_TIMER = 2 ** 31 - 1;

const systemClock: QueueClock = {
  monotonic: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/**
 * Keys to be worked on, with the semantics of client-go's workqueue: a key waits once however often it is added, no
 * two workers have the same key, and one that is added while a worker has it comes again when that is done.
 */
export class WorkQueue {
  readonly #lines = new KeyLines();
  readonly #delayed = new DelayedKeys();
  /** Since when each key has been at work. */
  readonly #working = new Map<string, number>();
  /** Keys that were added while at work: why, and since when they wait. */
  readonly #again = new Map<string, Place>();
  readonly #failures = new Map<string, number>();
  readonly #idleWorkers: ((key: string | undefined) => void)[] = [];
  readonly #onDrained: (() => void)[] = [];
  readonly #clock: QueueClock;
  readonly #metrics: QueueMetrics | undefined;
  readonly #retryDelay: { readonly min?: number; readonly max?: number };
  #timer: { readonly at: number; cancel(): void } | undefined;
  #isShutDown = false;

  constructor({ clock = systemClock, metrics, retryDelay = {} }: QueueOptions = {}) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#retryDelay = retryDelay;
  }

  /** How many keys wait for a worker; neither those at work nor those that come later. */
  get length(): number {
    return this.#lines.size;
  }

  /** How many workers have a key. */
  get working(): number {
    return this.#working.size;
  }

  /** Adds a key that is to be worked on now. */
  add(key: string, cause: Cause = 'change'): void {
    if (this.#isShutDown) return;
    const place = { key, cause, since: this.#clock.monotonic() };
    if (this.#working.has(key)) this.#addAgain(place);
    else this.#addNow(place);
  }

  /** Adds a key after so many milliseconds. Of several times of one key the earliest counts. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#isShutDown) return;
    if (milliseconds > 0) {
      this.#delayed.put(key, this.#clock.monotonic() + milliseconds);
      this.#setTimer();
    } else this.add(key, 'time');
  }

  /** Adds a key that failed after a delay that doubles with each failure; gives the milliseconds. */
  addRateLimited(key: string): number {
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    const delay = backoff(failures, this.#clock.random, this.#retryDelay);
    this.#metrics?.retried();
    this.addAfter(key, delay);
    return delay;
  }

  /** How often a key has failed since it was forgotten. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Forgets the failures of a key: it went well, it changed, or it is gone. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key for a worker; undefined when the queue is shut down or the signal aborted. */
  get(signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted || this.#isShutDown) return Promise.resolve(undefined);
    const place = this.#lines.take(this.#clock.monotonic());
    if (place) return Promise.resolve(this.#begin(place));
    return new Promise((resolve) => {
      const give = (next: string | undefined): void => {
        signal.removeEventListener('abort', leave);
        resolve(next);
      };
      const leave = (): void => {
        this.#idleWorkers.splice(this.#idleWorkers.indexOf(give), 1);
        resolve(undefined);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#idleWorkers.push(give);
    });
  }

  /** Says that a worker is through with its key. */
  done(key: string): void {
    const begun = this.#working.get(key);
    if (begun === undefined) return;
    this.#working.delete(key);
    this.#metrics?.workDuration((this.#clock.monotonic() - begun) / 1000);
    const again = this.#again.get(key);
    this.#again.delete(key);
    if (again) this.#put(again);
    if (this.#working.size === 0) for (const tell of this.#onDrained.splice(0)) tell();
  }

  /** Gives no key any more, and takes none. What waits is dropped: the next start finds it again. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#lines.clear();
    this.#delayed.clear();
    this.#again.clear();
    this.#metrics?.depth(0);
    for (const give of this.#idleWorkers.splice(0)) give(undefined);
  }

  /** Shuts down, and resolves when the workers are through with the keys that they have. */
  async drain(): Promise<void> {
    this.shutDown();
    if (this.#working.size > 0) await new Promise<void>((resolve) => this.#onDrained.push(resolve));
  }

  /** Tells the metrics how long the present work has taken: to be called when they are read. */
  observe(): void {
    const now = this.#clock.monotonic();
    const seconds = [...this.#working.values()].map((begun) => (now - begun) / 1000);
    this.#metrics?.unfinished(seconds.reduce((sum, one) => sum + one, 0));
    this.#metrics?.longestRunning(seconds.reduce((most, one) => Math.max(most, one), 0));
  }

  #addNow(place: Place): void {
    if (!this.#lines.has(place.key)) this.#metrics?.added();
    this.#put(place);
  }

  #addAgain(place: Place): void {
    const known = this.#again.get(place.key);
    if (!known) this.#metrics?.added();
    if (!known || place.cause === 'change') {
      this.#again.set(place.key, { ...place, since: known?.since ?? place.since });
    }
  }

  /** Puts a key in line, or gives it to a worker that has nothing to do. */
  #put(place: Place): void {
    this.#lines.put(place);
    this.#metrics?.depth(this.#lines.size);
    const give = this.#idleWorkers.shift();
    const next = give && this.#lines.take(this.#clock.monotonic());
    if (next) give?.(this.#begin(next));
  }

  #begin({ key, since }: Place): string {
    const now = this.#clock.monotonic();
    this.#working.set(key, now);
    this.#metrics?.depth(this.#lines.size);
    this.#metrics?.latency((now - since) / 1000);
    return key;
  }

  /** One timer serves all delayed keys: it stands at the earliest. */
  #setTimer(): void {
    const at = this.#delayed.next();
    if (at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (at === undefined) return;
    const wait = Math.min(MAX_TIMER, Math.max(0, at - this.#clock.monotonic()));
    this.#timer = { at, cancel: this.#clock.after(Math.ceil(wait), () => this.#addDelayed()) };
  }

  #addDelayed(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    for (let key = this.#delayed.take(now); key !== undefined; key = this.#delayed.take(now)) {
      this.add(key, 'time');
    }
    this.#setTimer();
  }
}
