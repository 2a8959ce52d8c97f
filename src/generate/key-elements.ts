import type { GeneratedElement } from '../api/element.ts';

/** A key longer than this is a mistake in the template. */
const MAX_KEY_LENGTH = 253;

/** What templates print for null and for what is not there: it would be the same key for whatever lacks its name. */
const NOTHING = ['<no value>', '<nil>'];

/**
 * Gives each element its stable identity, the rendered `spec.elementKey`. Throws for keys that are empty, hold what
 * templates print in place of a value that is not there, are too long, or the same for two elements; it names both.
 */
export function keyElements(
  elements: readonly GeneratedElement[],
  renderKey: (element: GeneratedElement) => string,
): GeneratedElement[] {
  const seen = new Map<string, number>();
  return elements.map((element) => {
    const key = renderKey(element);
    const other = seen.get(key);
    if (key.trim() === '') throw badKey(`is empty for element ${element.index}`);
    const nothing = NOTHING.find((text) => key.includes(text));
    if (nothing)
      throw badKey(`holds ${nothing} for element ${element.index}, which has null or nothing there`);
    if (key.length > MAX_KEY_LENGTH)
      throw badKey(`is longer than ${MAX_KEY_LENGTH} for element ${element.index}`);
    if (other !== undefined)
      throw badKey(`is ${JSON.stringify(key)} for both element ${other} and element ${element.index}`);
    seen.set(key, element.index);
    return { ...element, key };
  });
}

function badKey(what: string): Error {
  return new Error(`spec.elementKey ${what}: each element needs a key of its own`);
}
