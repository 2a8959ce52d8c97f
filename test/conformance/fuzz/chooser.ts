import fc from 'fast-check';

/** Random choices that a seed repeats. */
export interface Chooser {
  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number;
  /** Whether something happens that does so in so many cases of a hundred. */
  percent(share: number): boolean;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
  /** So many things, from the least number to the largest. */
  some<T>(least: number, most: number, make: () => T): T[];
}

/** What is made of choices; fast-check gives the seed of each value. */
export function choosing<T>(make: (chooser: Chooser) => T): fc.Arbitrary<T> {
  return fc.noBias(fc.integer()).map((seed) => make(createChooser(seed)));
}

function createChooser(seed: number): Chooser {
  const next = mulberry32(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    percent: (share) => below(100) < share,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    some: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make),
  };
}

/** The generator mulberry32: numbers from 0 up to 1. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
