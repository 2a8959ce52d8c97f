/** Passes that changes may cause one after the other, and milliseconds until there may be one more. */
const BURST = 10;
const REFILL = 10_000;

/**
 * How often changes of what a set reads may cause a pass: at once as a rule, and every ten seconds where they do not
 * end, as of a set that reads what it writes. A token bucket, as client-go limits events.
 */
export class ChangePace {
  readonly #monotonic: () => number;
  #tokens = BURST;
  #at: number;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#at = monotonic();
  }

  /** Milliseconds until a change may cause a pass. */
  get wait(): number {
    this.#refill();
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) * REFILL);
  }

  /** A pass begins that a change has caused. */
  take(): void {
    this.#refill();
    this.#tokens = Math.max(0, this.#tokens - 1);
  }

  #refill(): void {
    const now = this.#monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + (now - this.#at) / REFILL);
    this.#at = now;
  }
}
