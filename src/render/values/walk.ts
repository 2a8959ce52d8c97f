/** Values nest no deeper than this when they are read whole; one that holds itself ends here. */
const MAX_DEPTH = 200;

/** Values have no more lists and maps than this, counted as often as they are reached. */
const MAX_CONTAINERS = 1_000_000;

/** How far the reading of a value has come. */
export interface Walk {
  depth: number;
  containers: number;
}

/** Begins to read a value. */
export function startWalk(): Walk {
  return { depth: 0, containers: 0 };
}

/**
 * Reads one list or map within bounds. Small values may hold the same list many times over and be huge when
 * written out; these are refused.
 */
export function walkInto<T>(walk: Walk, read: () => T): T {
  if (++walk.depth > MAX_DEPTH) throw new Error(`value nests deeper than ${MAX_DEPTH} levels`);
  if (++walk.containers > MAX_CONTAINERS)
    throw new Error(`value has more than ${MAX_CONTAINERS} lists and maps`);
  const result = read();
  walk.depth--;
  return result;
}
