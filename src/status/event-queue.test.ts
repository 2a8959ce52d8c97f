import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { EventQueue } from './event-queue.ts';

const never = new AbortController().signal;

interface Watched {
  readonly queue: EventQueue<number>;
  readonly sent: number[];
  readonly errors: string[];
  dropped: number;
}

function watchQueue(
  send: (item: number, signal: AbortSignal) => Promise<void>,
  limit = 3,
  parallel = 1,
): Watched {
  const watched: Omit<Watched, 'queue'> = { sent: [], errors: [], dropped: 0 };
  const queue = new EventQueue<number>({
    limit,
    parallel,
    send: async (item, signal) => {
      await send(item, signal);
      watched.sent.push(item);
    },
    onDropped: () => {
      watched.dropped++;
    },
    onError: (error) => watched.errors.push(error.message),
  });
  return Object.assign(watched, { queue });
}

describe('EventQueue', () => {
  it('sends one after the other, in order, and again after it was empty', async () => {
    let underWay = 0;
    const watched = watchQueue(async () => {
      assert.equal(++underWay, 1);
      await delay(1);
      underWay--;
    });
    for (const item of [1, 2, 3]) watched.queue.add(item);
    assert.deepEqual(watched.sent, []);
    await watched.queue.flush(never);
    watched.queue.add(4);
    await watched.queue.flush(never);
    assert.deepEqual(watched.sent, [1, 2, 3, 4]);
    assert.deepEqual([watched.dropped, watched.errors], [0, []]);
  });

  it('sends so many at once, and as many again after it was empty', async () => {
    let underWay = 0;
    const seen: number[] = [];
    const send = async () => {
      seen.push(++underWay);
      await delay(2);
      underWay--;
    };
    const watched = watchQueue(send, 10, 3);
    for (let round = 1; round <= 3; round++) {
      for (let item = 1; item <= 6; item++) watched.queue.add(item);
      await watched.queue.flush(never);
      assert.equal(watched.sent.length, 6 * round);
      assert.equal(Math.max(...seen.splice(0)), 3);
    }
  });

  it('sends what is added in the very moment in which the last one was sent', async () => {
    const watched = watchQueue(() => Promise.resolve(), 100, 2);
    for (let item = 1; item <= 50; item++) {
      watched.queue.add(item);
      for (let turn = 0; turn < item % 7; turn++) await Promise.resolve();
    }
    await delay(1);
    assert.equal(watched.sent.length, 50);
    await watched.queue.flush(never);
  });

  it('drops the oldest that wait, and counts them', async () => {
    const watched = watchQueue(() => delay(5));
    for (let item = 1; item <= 10; item++) watched.queue.add(item);
    await watched.queue.flush(never);
    assert.deepEqual(watched.sent, [8, 9, 10]);
    assert.equal(watched.dropped, 7);
  });

  it('goes on after a failure, also one that is thrown at once', async () => {
    const watched = watchQueue((item) => {
      if (item < 3) throw new Error(`no ${item}`);
      return Promise.resolve();
    });
    for (const item of [1, 2, 3]) watched.queue.add(item);
    await watched.queue.flush(never);
    assert.deepEqual([watched.errors, watched.sent], [['no 1', 'no 2'], [3]]);
  });

  it('waits no longer than the signal lets it, and then sends nothing more', async () => {
    const watched = watchQueue((_, signal) => delay(60_000, undefined, { signal }));
    for (const item of [1, 2, 3]) watched.queue.add(item);
    await watched.queue.flush(AbortSignal.timeout(20));
    watched.queue.add(4);
    assert.deepEqual([watched.sent, watched.errors.length, watched.dropped], [[], 1, 3]);
  });
});
