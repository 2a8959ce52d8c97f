import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createLimiter } from './limiter.ts';

describe('createLimiter', () => {
  it('never has more under way than the limit, and begins in the order of asking', async () => {
    const limit = createLimiter(2);
    const begun: number[] = [];
    let underWay = 0;
    let most = 0;
    const run = (item: number) =>
      limit(async () => {
        begun.push(item);
        most = Math.max(most, ++underWay);
        await delay(item);
        underWay--;
        return item * 10;
      });
    assert.deepEqual(await Promise.all([5, 1, 4, 2, 3].map(run)), [50, 10, 40, 20, 30]);
    assert.deepEqual(begun, [5, 1, 4, 2, 3]);
    assert.equal(most, 2);
  });

  it('gives the place of an action that fails to the next', async () => {
    const limit = createLimiter(1);
    await assert.rejects(
      limit(async () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await limit(async () => 'yes'), 'yes');
  });

  it('lets nobody wait who is aborted, and loses no place by it', async () => {
    const limit = createLimiter(1);
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<string>();
    const begun: number[] = [];
    const first = limit(() => promise);
    const others = [1, 2].map((n) => limit(async () => begun.push(n), stop.signal));
    const last = limit(async () => 'last', AbortSignal.timeout(60_000));
    stop.abort(new Error('stopped'));
    for (const other of others) await assert.rejects(other, { message: 'stopped' });
    resolve('first');
    assert.deepEqual(await Promise.all([first, last]), ['first', 'last']);
    assert.deepEqual(begun, []);
    assert.equal(await limit(async () => 'again'), 'again');
  });

  it('passes a place on that comes together with the abort', async () => {
    const limit = createLimiter(1);
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = limit(() => promise).finally(() => stop.abort(new Error('stopped')));
    const second = limit(async () => 'second', stop.signal);
    resolve();
    await Promise.allSettled([first, second]);
    assert.equal(await limit(async () => 'free'), 'free');
  });
});
