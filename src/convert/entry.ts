import type { JsonObject } from '../lib/json.ts';

/** An entry of `generators`. */
export type Entry = JsonObject;

/** One entry that gives every combination of what these give; the entry itself where there is one. */
export function combineEntries(entries: readonly Entry[]): Entry {
  const [first, ...others] = entries;
  return first && others.length === 0 ? first : { matrix: { generators: [...entries] } };
}

/** An entry under the name that its fields stand below, where there is one. */
export function nameEntry(name: string | undefined, entry: Entry): Entry {
  return name === undefined ? entry : { name, ...entry };
}

/** A list with one element. */
export function listOf(element: JsonObject): Entry {
  return { list: { elements: [element] } };
}
