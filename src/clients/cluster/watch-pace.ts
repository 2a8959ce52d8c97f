import type { WatchFailure } from './watch-failure.ts';

/** Bounds of a delay in milliseconds. */
interface DelayBounds {
  readonly min: number;
  readonly max: number;
}

/** How fast a watch comes back, in milliseconds. */
export interface WatchDelays {
  /** After errors, doubling; the delay is anything from 0 up to it. */
  readonly retry: DelayBounds;
  /** Where the identity may not watch, or nothing is there to watch: that changes seldom. */
  readonly slowRetry: DelayBounds;
  /** Over how long the new lists of many watches spread when one event broke them all. */
  readonly relistSpread: number;
}

export const WATCH_DELAYS: WatchDelays = {
  retry: { min: 1000, max: 30_000 },
  slowRetry: { min: 60_000, max: 300_000 },
  relistSpread: 5000,
};

/** A watch that lived longer was a good one, though nothing happened. */
const GOOD_LIFE = 5000;
/** A watch that ended sooner isn't opened again at once, whatever it delivered. */
const SHORT_LIFE = 1000;
/** The longest wish of a server that is granted. */
const MAX_RETRY_AFTER = 300_000;

/** A server that starts knows neither rights nor kinds for a moment: so many refusals of what it once let through are doubted. */
const QUICK_REFUSALS = 4;

/** When to open the next watch. */
export class WatchPace {
  readonly #delays: WatchDelays;
  readonly #random: () => number;
  #failures = 0;
  /** Those among them that asked for a list. */
  #relists = 0;
  /** Those among them that were refused. */
  #refusals = 0;
  /** Whether any watch was ever open. */
  #hasOpened = false;
  #openedAt: number | undefined;
  #hasDelivered = false;

  constructor(delays: WatchDelays, random: () => number) {
    this.#delays = delays;
    this.#random = random;
  }

  /** Attempts in a row that came to nothing. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether the present attempt got as far as an open watch. */
  get isOpen(): boolean {
    return this.#openedAt !== undefined;
  }

  begin(): void {
    this.#openedAt = undefined;
    this.#hasDelivered = false;
  }

  opened(now: number): void {
    this.#hasOpened = true;
    this.#openedAt = now;
  }

  delivered(): void {
    this.#hasDelivered = true;
  }

  /** Milliseconds to wait after the server has ended a watch as it does: none, unless it ends each one at once. */
  afterEnd(now: number): number {
    const life = this.#life(now);
    const wasGood = this.#wasGood(life);
    this.#failures = wasGood ? 0 : this.#failures + 1;
    if (wasGood) this.#relists = this.#refusals = 0;
    if (this.#failures === 0 && life >= SHORT_LIFE) return 0;
    return this.#jittered(this.#delays.retry, Math.max(1, this.#failures));
  }

  /** Milliseconds to wait after a failure. */
  afterFailure({ kind, retryAfter = 0 }: WatchFailure, now: number): number {
    const wasGood = this.#wasGood(this.#life(now));
    this.#failures = wasGood ? 1 : this.#failures + 1;
    const relists = kind === 'expired' || kind === 'rewound';
    this.#relists = (wasGood ? 0 : this.#relists) + (relists ? 1 : 0);
    const isRefused = kind === 'forbidden' || kind === 'gone';
    this.#refusals = (wasGood ? 0 : this.#refusals) + (isRefused ? 1 : 0);
    const wished = retryAfter > 0 ? Math.min(retryAfter, MAX_RETRY_AFTER) : 0;
    return wished + this.#delayOf(kind);
  }

  #delayOf(kind: WatchFailure['kind']): number {
    const { retry, slowRetry, relistSpread } = this.#delays;
    if (kind === 'forbidden' || kind === 'gone') {
      if (this.#hasOpened && this.#refusals <= QUICK_REFUSALS) return this.#jittered(retry, this.#refusals);
      const { min, max } = slowRetry;
      return limitOf(slowRetry, this.#failures) - (this.#random() * Math.min(min, max)) / 5;
    }
    const relists = kind === 'expired' || kind === 'rewound';
    // A server that says so is back, however long it was away.
    if (relists && this.#relists === 1) return this.#random() * relistSpread;
    return this.#jittered(retry, this.#failures);
  }

  #jittered(bounds: DelayBounds, failures: number): number {
    return this.#random() * limitOf(bounds, failures);
  }

  #life(now: number): number {
    return this.#openedAt === undefined ? 0 : now - this.#openedAt;
  }

  #wasGood(life: number): boolean {
    return this.#hasDelivered || life > GOOD_LIFE;
  }
}

function limitOf({ min, max }: DelayBounds, failures: number): number {
  return Math.min(max, min * 2 ** Math.min(failures - 1, 30));
}
