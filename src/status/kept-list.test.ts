import assert from 'node:assert/strict';
import { INVENTORY } from './inventory.ts';
import { digestOfEntries, isSameList, readEntries, sortEntries } from './kept-list.ts';

const [A, B] = [
  { id: 'a_a__ConfigMap', v: 'v1' },
  { id: 'a_b__ConfigMap', v: 'v1' },
];

describe('a list that is kept', () => {
  it('has a digest that depends on what there is and not on the order', () => {
    const digest = digestOfEntries(INVENTORY, [A, B]);
    assert.equal(digestOfEntries(INVENTORY, [B, A]), digest);
    for (const other of [[A], [A, { ...B, v: 'v2' }], [A, { ...B, e: 'x' }]])
      assert.notEqual(digestOfEntries(INVENTORY, other), digest);
  });

  it('is sorted, and of two entries of one id the last counts', () => {
    assert.deepEqual(sortEntries(INVENTORY, [B, A, { ...B, v: 'v2' }]), [A, { ...B, v: 'v2' }]);
  });

  it('is read without what is no entry', () => {
    assert.deepEqual(readEntries(INVENTORY, [A, 'x', null, { id: 1 }, B]), [A, B]);
    for (const value of [undefined, null, 'x', {}, 3]) assert.deepEqual(readEntries(INVENTORY, value), []);
  });

  it('is the same only where all of it is', () => {
    const same = (other: readonly (typeof A)[] | undefined) => isSameList(INVENTORY, other, [A, B]);
    assert.equal(same([{ ...A }, { ...B }]), true);
    for (const other of [undefined, [], [A], [B, A], [A, { ...B, v: 'v2' }], [A, { ...B, e: 'x' }]])
      assert.equal(same(other), false);
  });
});
