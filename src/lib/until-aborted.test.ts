import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { untilAborted } from './until-aborted.ts';

describe('untilAborted', () => {
  const never = new Promise<never>(() => {});

  it('gives what the promise gives, and leaves no listener', async () => {
    const { signal } = new AbortController();
    assert.equal(await untilAborted(Promise.resolve(1), signal), 1);
    await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal), { message: 'no' });
    await setImmediate();
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });

  it('ends with the reason of the signal, before or while it waits', async () => {
    const stop = new AbortController();
    const waiting = untilAborted(never, stop.signal);
    stop.abort(new Error('stopped'));
    await assert.rejects(waiting, { message: 'stopped' });
    await assert.rejects(untilAborted(never, stop.signal), { message: 'stopped' });
  });
});
