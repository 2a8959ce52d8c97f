import type { Element, Origin } from '../../src/api/element.ts';
import { joinKeys, joinOrigins } from '../../src/api/join-origins.ts';
import { mergeDeep } from '../../src/lib/merge-deep.ts';
import { type Child, type ChildElement, nameElement, placeError } from '../composition.ts';
import { readKeys } from './read-keys.ts';

/** What one child gave. */
export interface Answer {
  readonly child: Child;
  readonly elements: readonly ChildElement[];
}

/** What the children gave for one element of the first. */
interface Merged {
  readonly element: Element;
  readonly key: string;
  readonly origins: readonly Origin[];
}

/**
 * The elements of the first answer in its order, each with the fields of those of the others whose keys have equal
 * values. An element that only a later one has is left out. Throws where two of one child have the same values.
 */
export function mergeElements(
  [base, ...others]: readonly Answer[],
  keys: readonly string[],
): { element: Element; origin: Origin }[] {
  const merged = new Map<string, Merged>();
  if (!base) return [];
  for (const [id, { element, origin, values }] of byKeys(base, keys)) {
    const named = nameElement(element, base.child.name);
    merged.set(id, {
      element: structuredClone(named),
      key: origin.key ?? joinKeys(values),
      origins: [origin],
    });
  }
  for (const answer of others) {
    for (const [id, { element, origin }] of byKeys(answer, keys)) {
      const known = merged.get(id);
      if (!known) continue;
      const added = mergeDeep(known.element, nameElement(element, answer.child.name));
      merged.set(id, { ...known, element: added, origins: [...known.origins, origin] });
    }
  }
  return [...merged.values()].map(({ element, key, origins }) => ({
    element,
    origin: { ...joinOrigins(origins), key },
  }));
}

/** The elements of one child by the values of their keys, in their order. */
function byKeys(
  { child, elements }: Answer,
  keys: readonly string[],
): Map<string, ChildElement & { values: readonly string[]; index: number }> {
  const found = new Map<string, ChildElement & { values: readonly string[]; index: number }>();
  for (const [index, it] of elements.entries()) {
    try {
      const { id, values } = readKeys(it.element, keys);
      const other = found.get(id);
      if (other) throw new Error(`has the same values for ${keys.join(', ')} as element ${other.index}`);
      found.set(id, { ...it, values, index });
    } catch (error) {
      const { message } = error as Error;
      throw placeError(new Error(`element ${index} ${message}`, { cause: error }), child);
    }
  }
  return found;
}
