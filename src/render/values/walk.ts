import { LimitFault, spend } from './meter.ts';

/** Values nest no deeper than this when they are read whole; one that holds itself ends here. */
const MAX_DEPTH = 200;

/** Values have no more lists and maps than this, counted as often as they are reached. */
const MAX_CONTAINERS = 250_000;

/** Values have no more characters than this when they are written out. */
export const MAX_CHARACTERS = 2 * 1024 * 1024;

/** What a list or map is counted as. */
const CONTAINER_UNITS = 16;

/** How far the reading of a value has come. */
export interface Walk {
  depth: number;
  containers: number;
  characters: number;
}

/** Begins to read a value. */
export function startWalk(): Walk {
  return { depth: 0, containers: 0, characters: 0 };
}

/**
 * Reads one list or map within bounds. Small values may hold the same list many times over and be huge when
 * written out; these are refused.
 */
export function walkInto<T>(walk: Walk, read: () => T): T {
  if (++walk.depth > MAX_DEPTH) throw new Error(`value nests deeper than ${MAX_DEPTH} levels`);
  if (++walk.containers > MAX_CONTAINERS)
    throw new LimitFault(`value has more than ${MAX_CONTAINERS} lists and maps`);
  spend(CONTAINER_UNITS);
  const result = read();
  walk.depth--;
  return result;
}

/** Counts a part of a value that is written out, before it is put together with others. */
export function countText(walk: Walk, text: string): string {
  walk.characters += text.length + 1;
  if (walk.characters > MAX_CHARACTERS)
    throw new LimitFault(`value is larger than ${MAX_CHARACTERS} characters`);
  spend(text.length + 1);
  return text;
}
