import type { GeneratedElement } from '../api/element.ts';
import { sha256 } from '../lib/digest.ts';
import type { InventoryEntry, State } from './state.ts';

/** Characters of a key that an inventory keeps as it is. */
const MAX_KEY = 63;

/** Says why an entry that nothing renders now must stay as it is; undefined where it may go. */
export type Keep = (entry: InventoryEntry) => string | undefined;

/** A key as an inventory of bounded size keeps it: itself, or its digest where it is long. */
export function elementId(key: string): string {
  return key.length <= MAX_KEY ? key : sha256(key);
}

/**
 * Keeps the resources of elements that are held, and while there are any also those of which nobody knows the element:
 * what cannot be rendered now must not be taken for gone.
 */
export function keepHeld(
  held: readonly { readonly element: GeneratedElement; readonly reason: string }[],
): Keep {
  const reasons = new Map(
    held.flatMap(({ element: { key = '' }, reason }) => {
      const why = `element ${key} is held: ${reason}`;
      return [[key, why] as const, [elementId(key), why] as const];
    }),
  );
  return ({ element }) => {
    if (element !== undefined) return reasons.get(element);
    return held.length === 0 ? undefined : 'it may belong to an element that is held';
  };
}

/**
 * The state without the keys of its resources where none of them is that of an element that is there, as after
 * `spec.elementKey` was changed: then nobody knows which resource is whose, and the old keys must not tell.
 */
export function forgetOldKeys(state: State, elements: readonly { readonly key: string }[]): State {
  const keys = new Set(elements.flatMap(({ key }) => [key, elementId(key)]));
  const known = state.inventory.flatMap(({ element }) => element ?? []);
  if (known.length === 0 || known.some((key) => keys.has(key))) return state;
  return { ...state, inventory: state.inventory.map(({ element: _, ...entry }) => entry) };
}
