import type { Element, Origin } from '../../src/api/element.ts';
import { canonicalJson, stringifyJson } from '../../src/lib/json.ts';
import { mergeDeep } from '../../src/lib/merge-deep.ts';
import type { ChildElement } from '../composition.ts';

/** The most elements of one matrix: as many as a set may have. */
const MAX_COMBINATIONS = 10_000;
/** Characters of all elements together, as JSON: what multiplies is bounded before it does. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** An element that is made of one element of each child so far. */
export interface Combination {
  readonly element: Element;
  readonly origins: readonly Origin[];
  /** Characters of its parts as JSON. */
  readonly size: number;
}

/** What a child adds to a combination: elements, and how large they are. */
export interface Part extends ChildElement {
  readonly size: number;
}

/** Where combining begins: nothing is known, and every child multiplies it. */
export const NOTHING: Combination = { element: {}, origins: [], size: 0 };

/** The elements with their sizes. */
export function measureParts(elements: readonly ChildElement[]): Part[] {
  return elements.map((it) => ({ ...it, size: stringifyJson(it.element).length }));
}

/**
 * Every combination with each of the parts that it has; the parts vary fastest, and their fields win. Throws, before
 * anything is built, when there would be too many or they would be too large.
 */
export function combine(
  combinations: readonly Combination[],
  partsOf: (combination: Combination) => readonly Part[],
): Combination[] {
  checkBounds(combinations, partsOf);
  return combinations.flatMap((combination) =>
    partsOf(combination).map(({ element, origin, size }) => ({
      element: mergeDeep(combination.element, element),
      origins: [...combination.origins, origin],
      size: combination.size + size,
    })),
  );
}

/** The first of each group of combinations whose elements are equal. */
export function dropEqual(combinations: readonly Combination[]): Combination[] {
  const first = new Map<string, Combination>();
  for (const combination of combinations) {
    const text = canonicalJson(combination.element);
    if (!first.has(text)) first.set(text, combination);
  }
  return [...first.values()];
}

/** Throws when a list of so many elements is more than a matrix may have. */
export function checkCount(count: number): void {
  if (count <= MAX_COMBINATIONS) return;
  throw new Error(
    `${count} elements, more than the ${MAX_COMBINATIONS} that a matrix may have; make its generators give fewer`,
  );
}

function checkBounds(
  combinations: readonly Combination[],
  partsOf: (combination: Combination) => readonly Part[],
): void {
  let count = 0;
  let characters = 0;
  const sizes = new Map<readonly Part[], number>();
  for (const combination of combinations) {
    const parts = partsOf(combination);
    const size = sizes.get(parts) ?? parts.reduce((sum, part) => sum + part.size, 0);
    sizes.set(parts, size);
    count += parts.length;
    characters += combination.size * parts.length + size;
  }
  checkCount(count);
  if (characters > MAX_CHARACTERS) {
    throw new Error(
      `its ${count} elements have ${characters} characters, more than ${MAX_CHARACTERS}; make its generators give less`,
    );
  }
}
