import assert from 'node:assert/strict';
import { setImmediate as tick } from 'node:timers/promises';
import { inParallel } from './in-parallel.ts';

describe('inParallel', () => {
  it('does each once, never more than the limit at a time, and begins in order', async () => {
    const begun: number[] = [];
    let underWay = 0;
    let most = 0;
    await inParallel([...Array(50).keys()], 7, async (item) => {
      begun.push(item);
      most = Math.max(most, ++underWay);
      await tick();
      underWay--;
    });
    assert.deepEqual(begun, [...Array(50).keys()]);
    assert.equal(most, 7);
  });

  it('begins nothing more after a failure, and lets what is under way end first', async () => {
    const ended: number[] = [];
    const begun: number[] = [];
    const work = inParallel([...Array(50).keys()], 3, async (item) => {
      begun.push(item);
      if (item === 3) throw new Error('third');
      await tick();
      await tick();
      ended.push(item);
    });
    await assert.rejects(work, { message: 'third' });
    assert.ok(begun.length <= 6, String(begun.length));
    assert.deepEqual(
      ended,
      begun.filter((item) => item !== 3),
    );
  });

  it('does nothing with no items', async () => {
    await inParallel([], 3, () => assert.fail('called'));
  });
});
