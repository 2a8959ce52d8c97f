import { describeElement, type GeneratedElement } from '../api/element.ts';

/**
 * What each element is remembered by: its key, or nothing where there is only one element. Throws where an element of
 * several has no key, or two have the same: the values of one would become those of another.
 */
export function identifyElements(elements: readonly GeneratedElement[]): string[] {
  const seen = new Map<string, GeneratedElement>();
  return elements.map((element) => {
    const key = element.key ?? '';
    if (key === '' && elements.length > 1) throw new Error(missingKey(element, elements.length));
    const other = seen.get(key);
    if (other) throw new Error(sameKey(key, other, element));
    seen.set(key, element);
    return key;
  });
}

function missingKey(element: GeneratedElement, count: number): string {
  const place = describeElement({ ...element, key: undefined });
  return `spec.tune: ${count} elements, and ${place} has no key: set spec.elementKey, so that each keeps its own values`;
}

function sameKey(key: string, a: GeneratedElement, b: GeneratedElement): string {
  const [first, second] = [a, b].map((element) => describeElement({ ...element, key: undefined }));
  return `spec.tune: the key ${JSON.stringify(key)} is that of both ${first} and ${second}: set spec.elementKey, so that each element has its own`;
}
