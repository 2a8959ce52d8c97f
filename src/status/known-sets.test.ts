import assert from 'node:assert/strict';
import { KnownSets } from './known-sets.ts';

const OURS = { elements: 1 };
const THEIRS = { elements: 2 };

describe('KnownSets', () => {
  const cases: [name: string, seen: string, ours: boolean][] = [
    ['an older version', '99', true],
    ['the version that was written', '100', false],
    ['a newer version', '101', false],
    ['a much newer version', '1000000000000000000000000', false],
    ['no number', 'abc', false],
  ];
  for (const [name, resourceVersion, ours] of cases) {
    it(`takes ${ours ? 'what was written' : 'what was seen'} where the watch has brought ${name}`, () => {
      const sets = new KnownSets();
      sets.wrote('uid', { resourceVersion: '100', status: OURS });
      assert.equal(sets.statusOf('uid', { resourceVersion, status: THEIRS }), ours ? OURS : THEIRS);
      assert.equal(sets.statusOf('other', { resourceVersion, status: THEIRS }), THEIRS);
    });
  }

  it('keeps what was written no longer than until it was seen', () => {
    const sets = new KnownSets();
    sets.wrote('uid', { resourceVersion: '100', status: OURS });
    sets.seen('uid', '100');
    // A watch that began anew may bring an old version once more; there is nothing newer to hold against it.
    assert.equal(sets.statusOf('uid', { resourceVersion: '99', status: THEIRS }), THEIRS);
  });

  it('forgets a set that is gone', () => {
    const sets = new KnownSets();
    sets.wrote('uid', { resourceVersion: '100', status: OURS });
    sets.keepShards('uid', { inventory: new Map(), decisions: new Map([['a', []]]) });
    assert.equal(sets.shardsOf('uid').decisions.size, 1);
    sets.forget('uid');
    assert.equal(sets.shardsOf('uid').decisions.size, 0);
    assert.equal(sets.statusOf('uid', { resourceVersion: '1', status: undefined }), undefined);
  });
});
