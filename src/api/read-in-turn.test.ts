import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { readInTurn } from './read-in-turn.ts';

const idle = new AbortController().signal;

describe('readInTurn', () => {
  it('gives the elements of each file, in order', async () =>
    assert.deepEqual(await readInTurn(['b', 'a'], (path) => [{ path }, { path: `${path}2` }], idle), [
      [{ path: 'b' }, { path: 'b2' }],
      [{ path: 'a' }, { path: 'a2' }],
    ]));

  it('lets others work between two files', async () => {
    const order: string[] = [];
    const reading = readInTurn(['1', '2', '3'], (path) => [{ at: order.push(path) }], idle);
    await setImmediate();
    await setImmediate();
    order.push('other');
    await reading;
    assert.notEqual(order.at(-1), 'other');
  });

  it('ends before the next file when aborted', async () => {
    const stop = new AbortController();
    const read: string[] = [];
    const reading = readInTurn(
      ['1', '2'],
      (path) => {
        read.push(path);
        stop.abort(new Error('stopped'));
        return [];
      },
      stop.signal,
    );
    await assert.rejects(reading, { message: 'stopped' });
    assert.deepEqual(read, ['1']);
  });

  it('reads no further once all before are too much for one set', async () => {
    const read: string[] = [];
    const reading = readInTurn(
      ['1', '2', '3', '4'],
      (path) => [{ text: 'x'.repeat(30 * 1024 * 1024), read: read.push(path) }],
      idle,
    );
    await assert.rejects(reading, /^Error: elements of more than 64 MiB in memory/);
    assert.deepEqual(read, ['1', '2', '3']);
  });
});
