import assert from 'node:assert/strict';
import { inOrder } from './in-order.ts';

describe('inOrder', () => {
  it('gives items in the order of their ids, and the unknown last as they came', () => {
    const items = ['x', 'c', 'a', 'y', 'b'];
    assert.deepEqual(
      inOrder(items, ['a', 'b', 'c', 'd'], (item) => item),
      ['a', 'b', 'c', 'x', 'y'],
    );
  });
});
