import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { mapLimited } from './map-limited.ts';

describe('mapLimited', () => {
  it('keeps the order, and never has more under way than the limit', async () => {
    let underWay = 0;
    let most = 0;
    const results = await mapLimited([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++underWay);
      await delay(item);
      underWay--;
      return item * 10;
    });
    assert.deepEqual(results, [50, 10, 40, 20, 30]);
    assert.equal(most, 2);
  });

  it('gives nothing for nothing', async () => assert.deepEqual(await mapLimited([], 3, async () => 1), []));

  it('rejects with the first error', async () => {
    await assert.rejects(
      mapLimited([1, 2], 1, async (item) => Promise.reject(new Error(`item ${item}`))),
      /item 1/,
    );
  });
});
