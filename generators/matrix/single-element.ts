import type { Element, Origin } from '../../src/api/element.ts';
import { setOwn } from '../../src/lib/json.ts';
import { checkCount, type Part } from './combine.ts';

/** The field for the elements of children without a name, as GitOpsSets calls it. */
const UNNAMED = 'Matrix';

/**
 * One element with a list for each name, in the order of the children; none where no child gave anything, since one
 * without content would hide that.
 */
export function listElements(
  children: readonly { readonly name: string | undefined; readonly parts: readonly Part[] }[],
): { element: Element; origins: readonly Origin[] }[] {
  const all = children.flatMap(({ parts }) => parts);
  checkCount(all.length);
  if (all.length === 0) return [];
  const lists = new Map<string, Element[]>();
  for (const { name = UNNAMED, parts } of children) {
    lists.set(name, [...(lists.get(name) ?? []), ...parts.map(({ element }) => structuredClone(element))]);
  }
  const element: Element = {};
  for (const [name, list] of lists) setOwn(element, name, list);
  return [{ element, origins: keyless(all) }];
}

/** There is one element: the keys of all that it lists say nothing about it. */
function keyless(parts: readonly Part[]): Origin[] {
  return parts.map(({ origin: { key: _, ...origin } }) => origin);
}
