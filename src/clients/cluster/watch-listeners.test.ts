import assert from 'node:assert/strict';
import type { WatchedObject } from './shared-watches.ts';
import { WatchListeners } from './watch-listeners.ts';

const A = { namespace: 'apps', name: 'a' };
const B = { namespace: 'apps', name: 'b' };

function ownedBy(owner?: { namespace?: string; name?: string }): WatchedObject {
  return {
    uid: 'u',
    resourceVersion: '1',
    ...(owner?.name !== undefined && { ownerName: owner.name }),
    ...(owner?.namespace !== undefined && { ownerNamespace: owner.namespace }),
  };
}

describe('WatchListeners', () => {
  const told: string[] = [];
  let listeners: WatchListeners;
  let holders: Record<'all' | 'a' | 'b', symbol>;
  beforeEach(() => {
    listeners = new WatchListeners();
    holders = {
      all: listeners.add(() => told.push('all'), undefined),
      a: listeners.add(() => told.push('a'), A),
      b: listeners.add(() => told.push('b'), B),
    };
  });

  function hear(before?: WatchedObject, after?: WatchedObject, writer?: symbol): string[] {
    told.length = 0;
    for (const listener of listeners.concernedBy(before, after, writer)) listener('key', before, after);
    return [...told].sort();
  }

  const cases: [what: string, WatchedObject | undefined, WatchedObject | undefined, string[]][] = [
    ['a new object of theirs', undefined, ownedBy(A), ['a', 'all']],
    ['an object that is deleted', ownedBy(B), undefined, ['all', 'b']],
    ['an object that changes hands', ownedBy(A), ownedBy(B), ['a', 'all', 'b']],
    ['an object that loses its labels', ownedBy(A), ownedBy(), ['a', 'all']],
    ['an object that loses one of them', ownedBy(A), ownedBy({ name: 'a' }), ['a', 'all']],
    [
      'an object of the same name in another namespace',
      ownedBy(),
      ownedBy({ ...A, namespace: 'x' }),
      ['all'],
    ],
    ['an object with empty labels', undefined, ownedBy({ namespace: '', name: '' }), ['all']],
  ];
  for (const [what, before, after, expected] of cases) {
    it(`tells of ${what}: ${expected.join(', ')}`, () => assert.deepEqual(hear(before, after), expected));
  }

  it('tells each but whoever wrote, and nobody who has gone', () => {
    assert.deepEqual(hear(undefined, ownedBy(A), holders.a), ['all']);
    const other = listeners.add(() => told.push('a2'), A);
    assert.deepEqual(hear(undefined, ownedBy(A), holders.a), ['a2', 'all']);
    assert.deepEqual([listeners.delete(other), listeners.delete(other), listeners.size], [true, false, 3]);
    assert.deepEqual(hear(undefined, ownedBy(A)), ['a', 'all']);
    for (const holder of Object.values(holders)) listeners.delete(holder);
    assert.deepEqual([listeners.size, hear(ownedBy(A), ownedBy(B))], [0, []]);
  });
});
