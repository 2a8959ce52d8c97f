import { setImmediate } from 'node:timers/promises';
import type { Element } from './element.ts';
import { createElementBounds } from './element-bounds.ts';

/**
 * The elements of each path, one file after the other: between two of them others have their turn, and what all hold
 * together is bounded as that of one set.
 */
export async function readInTurn(
  paths: readonly string[],
  read: (path: string) => Element[],
  signal: AbortSignal,
): Promise<Element[][]> {
  const bounds = createElementBounds();
  const lists: Element[][] = [];
  for (const path of paths) {
    await setImmediate();
    signal.throwIfAborted();
    lists.push(bounds.add(read(path)));
  }
  return lists;
}
