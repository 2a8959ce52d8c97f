import { isDeepStrictEqual } from 'node:util';
import type { GeneratorEntry } from '../../generators/generator.ts';
import type { Element, Origin } from '../api/element.ts';

/** What one generator gave. */
export interface Answer {
  readonly elements: Element[];
  /** What else is known of each element, in the same order. */
  readonly origins: readonly Origin[];
  /** When the generator was asked (RFC 3339). */
  readonly asked?: string;
}

interface Remembered {
  readonly entry: GeneratorEntry;
  readonly answer: Answer;
  /** Milliseconds of the clock handed in. */
  readonly at: number;
}

/**
 * The elements that the generators of one set gave last, so that a generator that is not due costs no query.
 * It is lost with the process, and then everything is asked anew.
 */
export class ElementMemory {
  readonly #entries = new Map<number, Remembered>();
  readonly #now: () => number;

  /** `now` gives milliseconds that never jump back, such as `performance.now`. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The elements of the same entry while they are younger than its interval; without one they do not age. */
  recall(position: number, entry: GeneratorEntry, interval: number | undefined): Answer | undefined {
    const known = this.#entries.get(position);
    if (!known || !isDeepStrictEqual(known.entry, entry)) return undefined;
    if (interval !== undefined && this.#now() - known.at >= interval - slack(interval)) return undefined;
    // Templates can change what they are given (Sprig's set does): what is remembered stays as it was.
    return structuredClone(known.answer);
  }

  /** The clock, to note when a query begins. */
  now(): number {
    return this.#now();
  }

  /** Keeps what a generator gave to the query that began at `at`, and gives it back. */
  remember(position: number, entry: GeneratorEntry, answer: Answer, at = this.#now()): Answer {
    this.#entries.set(position, { entry, answer: structuredClone(answer), at });
    return answer;
  }

  /** Lets go of what the generators from this position on gave. */
  forget(from: number): void {
    for (const position of this.#entries.keys()) if (position >= from) this.#entries.delete(position);
  }
}

/** Passes begin on time, their queries a little later: what was asked for so late must not stand for another interval. */
function slack(interval: number): number {
  return Math.min(interval / 20, 1000);
}
