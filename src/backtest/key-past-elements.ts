import type { GeneratedElement } from '../api/element.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { elementData, renderField } from '../render/render-field.ts';

/** The elements by what decisions remember them by: `spec.elementKey`, else the generator's key, else nothing. */
export function keyPastElements(
  { set, source }: LoadedSet,
  elements: readonly GeneratedElement[],
): Map<string, GeneratedElement> {
  const { elementKey } = set.spec;
  const place = { set, source, path: ['spec', 'elementKey'] };
  const keyOf = (element: GeneratedElement) =>
    elementKey === undefined
      ? (element.key ?? '')
      : renderField(elementKey, elementData(set, element), place);
  return new Map(elements.map((element) => [keyOf(element), element]));
}
