/** Event objects that a set may have made at once, and milliseconds until it may have one more; client-go's numbers. */
const BURST = 25;
const REFILL = 5 * 60_000;
/** Sets that are remembered; those that had no event for longest are forgotten first. */
const MAX_SETS = 10_000;

/** What a set had left when it was asked for last. */
interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/**
 * How many Event objects each set may still have made: 25 at once, then one every five minutes, as client-go allows
 * each object (https://github.com/kubernetes/client-go, tools/record/events_cache.go). Without it a set whose passes
 * deliver again and again would fill the API server's store.
 */
export class EventLimit {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: () => number;

  /** `clock` is monotonic, in milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Takes one of what the set of this uid has left; false where it has none. */
  take(uid: string): boolean {
    const at = this.#clock();
    const known = this.#buckets.get(uid) ?? { tokens: BURST, at };
    const tokens = Math.min(BURST, known.tokens + (at - known.at) / REFILL);
    const isAllowed = tokens >= 1;
    // A refusal changes nothing, so that what is missing is not added up from many small parts.
    this.#keep(uid, isAllowed ? { tokens: tokens - 1, at } : known);
    return isAllowed;
  }

  /** The newest replaces the oldest. */
  #keep(uid: string, bucket: Bucket): void {
    this.#buckets.delete(uid);
    this.#buckets.set(uid, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_SETS && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
