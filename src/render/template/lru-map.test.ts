import assert from 'node:assert/strict';
import { LruMap } from './lru-map.ts';

const KEYS = ['a', 'b', 'c', 'dddddd', 'eeeeeeeeeeeeeeeeeeeeee'];

/** The keys that a map of 20 characters, 5 for each entry, still knows after some were set or used. */
function kept(uses: readonly string[]): string[] {
  const map = new LruMap<number>(20, 5);
  for (const key of uses) if (map.get(key) === undefined) map.set(key, 1);
  return KEYS.filter((key) => map.get(key) === 1);
}

describe('a map that forgets', () => {
  const cases: { name: string; uses: string[]; known: string[] }[] = [
    { name: 'keeps what has room', uses: ['a', 'b', 'c'], known: ['a', 'b', 'c'] },
    { name: 'forgets the oldest for a larger one', uses: ['a', 'b', 'c', 'dddddd'], known: ['c', 'dddddd'] },
    { name: 'forgets what was not used', uses: ['a', 'b', 'c', 'a', 'dddddd'], known: ['a', 'dddddd'] },
    { name: 'never keeps what has no room', uses: ['eeeeeeeeeeeeeeeeeeeeee', 'a'], known: ['a'] },
  ];
  for (const { name, uses, known } of cases) it(name, () => assert.deepEqual(kept(uses), known));
});
