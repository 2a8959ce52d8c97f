import { weighJson } from '../lib/weigh-json.ts';
import type { Element } from './element.ts';

/** The most elements that one set may have; more is an error, since cutting a list off would delete. */
const MAX_ELEMENTS = 10_000;

/** Bytes that the elements of one set may take in memory, roughly. They are kept until the next pass. */
const MAX_WEIGHT = 64 * 1024 * 1024;

/** Counts elements as they come, so that there are never many more of them than a set may have. */
export interface ElementBounds {
  /** Counts these too and gives them back. Throws when all so far are too many, or too large. */
  add<Some extends readonly Element[]>(elements: Some): Some;
  /** Whether `add` has thrown. */
  readonly isExceeded: boolean;
}

/** Begins to count the elements of one set; what these are made of may be more of them. */
export function createElementBounds({ maxElements = MAX_ELEMENTS } = {}): ElementBounds {
  let count = 0;
  let weight = 0;
  return {
    add(elements) {
      count += elements.length;
      if (count > maxElements) throw tooMany(count);
      for (const element of elements) {
        weight += weighJson(element);
        if (weight > MAX_WEIGHT) throw tooLarge();
      }
      return elements;
    },
    get isExceeded() {
      return count > maxElements || weight > MAX_WEIGHT;
    },
  };
}

function tooMany(count: number): Error {
  return new Error(`${count} elements, more than the ${MAX_ELEMENTS} that one GeneratorSet may have`);
}

function tooLarge(): Error {
  return new Error(
    `elements of more than ${MAX_WEIGHT / 1024 / 1024} MiB in memory, more than one GeneratorSet may have; ask for less, or make several sets`,
  );
}
