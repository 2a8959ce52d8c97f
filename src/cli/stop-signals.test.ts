import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { listenForStop, type StopSignals } from './stop-signals.ts';

describe('listenForStop', () => {
  let stop: StopSignals;
  afterEach(() => stop.release());

  const state = () => [stop.gentle.aborted, stop.hard.aborted];

  it('stops gently at the first signal, and at once at the second', async () => {
    stop = listenForStop(() => true);
    assert.deepEqual(state(), [false, false]);
    process.emit('SIGTERM');
    assert.deepEqual(state(), [true, false]);
    await delay(550);
    process.emit('SIGTERM');
    assert.deepEqual(state(), [true, true]);
    assert.equal(stop.exitCode(), 143);
  });

  it('takes a Ctrl-C that is passed on for the same Ctrl-C', () => {
    stop = listenForStop(() => true);
    process.emit('SIGINT');
    process.emit('SIGINT');
    assert.deepEqual(state(), [true, false]);
  });

  it('stops at once where nothing is worth finishing', () => {
    stop = listenForStop(() => false);
    process.emit('SIGINT');
    assert.deepEqual(state(), [true, true]);
    assert.equal(stop.exitCode(), 130);
  });
});
