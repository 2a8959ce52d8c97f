import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds over which those who waited come back, so that they don't meet the server all at once. */
const SPREAD = 500;

/** Milliseconds that a server is believed at once. */
const MAX_PATIENCE = 60_000;

/** Time and chance of a client, handed in so that tests own them. */
export interface ClientClock {
  /** Monotonic milliseconds. */
  now(): number;
  random(): number;
}

/** One door for all requests of an identity: while the API server asks for patience, nobody goes through. */
export class Gate {
  readonly #clock: ClientClock;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(clock: ClientClock) {
    this.#clock = clock;
  }

  /** Keeps everybody out for so many milliseconds at least. */
  shut(milliseconds: number): void {
    this.#notBefore = Math.max(this.#notBefore, this.#clock.now() + Math.min(milliseconds, MAX_PATIENCE));
  }

  /** Milliseconds until it opens; 0 or less when it is open. */
  get remaining(): number {
    return this.#notBefore - this.#clock.now();
  }

  /** Waits until it is open. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.remaining > 0) {
      const spread = Math.min(this.remaining, SPREAD) * this.#clock.random();
      await delay(Math.ceil(this.remaining + spread), undefined, { signal });
    }
  }
}

/** Identities that are remembered; whoever was forgotten is asked for patience anew. */
const MAX_GATES = 1000;

/** The doors of all identities: API servers ask each user for patience apart (API priority and fairness). */
export class Gates {
  readonly #clock: ClientClock;
  readonly #gates = new Map<string, Gate>();

  constructor(clock: ClientClock) {
    this.#clock = clock;
  }

  /** The door of a user; of the client's own identity without one. */
  of(user = ''): Gate {
    const gate = this.#gates.get(user) ?? new Gate(this.#clock);
    // The map keeps the order of use.
    this.#gates.delete(user);
    this.#gates.set(user, gate);
    const [oldest] = this.#gates.keys();
    if (this.#gates.size > MAX_GATES && oldest !== undefined) this.#gates.delete(oldest);
    return gate;
  }
}
