/** So many rewrites of the same text within so many milliseconds are a fight; then nothing is written for as long. */
const MAX_REWRITES = 3;
const PERIOD = 10 * 60 * 1000;

interface Rewrites {
  readonly digest: string;
  readonly times: readonly number[];
  /** Who else writes, once that is known. */
  readonly rival?: string;
}

/**
 * Notices when an object is rewritten again and again because somebody else changes it back each time. Times are of
 * the monotonic clock, in milliseconds.
 */
export class Fights {
  readonly #rewrites = new Map<string, Rewrites>();

  /** Counts a rewrite of a text that was applied before and has been changed since. */
  note(id: string, digest: string, now: number): void {
    const known = this.#rewrites.get(id);
    const earlier = known?.digest === digest ? known.times.filter((time) => now - time < PERIOD) : [];
    this.#rewrites.set(id, { digest, times: [...earlier, now] });
  }

  /** Whether this text must rest for now. A changed text may be written at once. */
  isFighting(id: string, digest: string, now: number): boolean {
    const known = this.#rewrites.get(id);
    if (known?.digest !== digest || known.times.length < MAX_REWRITES) return false;
    if (now - (known.times.at(-1) as number) < PERIOD) return true;
    this.#rewrites.delete(id);
    return false;
  }

  /** Who else writes an object that rests; asked for once a fight. */
  async rival(id: string, ask: () => Promise<string>): Promise<string> {
    const known = this.#rewrites.get(id);
    const rival = known?.rival ?? (await ask());
    if (known) this.#rewrites.set(id, { ...known, rival });
    return rival;
  }

  forget(id: string): void {
    this.#rewrites.delete(id);
  }
}
