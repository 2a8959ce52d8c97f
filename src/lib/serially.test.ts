import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { serially } from './serially.ts';

describe('serially', () => {
  const log: string[] = [];
  const work = (key: string, name: string, fails = false) =>
    serially(key, async () => {
      log.push(`${name} begins`);
      await delay(5);
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
    });

  it('lets actions of one key follow each other, also after a failure, and others run beside them', async () => {
    await Promise.allSettled([work('x', 'a', true), work('x', 'b'), work('y', 'c')]);
    const at = (event: string): number => log.indexOf(event);
    assert.equal(log.length, 6);
    assert.ok(at('b begins') > at('a ends'), 'one after another');
    assert.ok(at('c begins') < at('a ends'), 'beside the others');
  });

  it('lets nobody wait who is aborted, begins nothing for them, and goes on with the others', async () => {
    const stop = new AbortController();
    const { promise: first, resolve } = Promise.withResolvers<string>();
    const begun: string[] = [];
    const ask = (name: string, signal?: AbortSignal) =>
      serially('z', async () => begun.push(name) && (name === 'first' ? first : name), signal);
    const [one, two, three] = [
      ask('first'),
      ask('second', stop.signal),
      ask('third', AbortSignal.timeout(60_000)),
    ];
    stop.abort(new Error('stopped'));
    await assert.rejects(two, { message: 'stopped' });
    assert.deepEqual(begun, ['first']);
    resolve('first');
    assert.deepEqual(await Promise.all([one, three]), ['first', 'third']);
    assert.deepEqual(begun, ['first', 'third']);
    await assert.rejects(ask('fourth', stop.signal), { message: 'stopped' });
    assert.equal(begun.length, 2);
  });

  it('waits for an action that has begun, however it deals with the abort', async () => {
    const stop = new AbortController();
    const running = serially(
      'w',
      async () => {
        await delay(20);
        return 'cleaned up';
      },
      stop.signal,
    );
    await delay(5);
    stop.abort(new Error('stopped'));
    assert.equal(await running, 'cleaned up');
  });
});
