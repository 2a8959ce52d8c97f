import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { StandingClock } from '../../test/harness/queue-clock.ts';
import { type QueueMetrics, WorkQueue } from './work-queue.ts';

const never = new AbortController().signal;

function setUp(options: { metrics?: QueueMetrics } = {}) {
  const clock = new StandingClock();
  const queue = new WorkQueue({ clock, ...options });
  /** What a worker would get now; undefined when it would have to wait. */
  const take = async (): Promise<string | undefined> => {
    const stop = new AbortController();
    const key = queue.get(stop.signal);
    stop.abort();
    return key;
  };
  /** All that workers would get now, in this order, each done at once. */
  const takeAll = async (): Promise<string[]> => {
    const keys: string[] = [];
    for (let key = await take(); key !== undefined; key = await take()) {
      keys.push(key);
      queue.done(key);
    }
    return keys;
  };
  return { clock, queue, take, takeAll };
}

describe('WorkQueue', () => {
  it('gives keys in the order of adding, each once', async () => {
    const { queue, takeAll } = setUp();
    for (const key of ['b', 'a', 'b', 'c', 'a']) queue.add(key);
    assert.equal(queue.length, 3);
    assert.deepEqual(await takeAll(), ['b', 'a', 'c']);
  });

  it('gives a key to one worker at a time, and again when it was added meanwhile', async () => {
    const { queue, take } = setUp();
    queue.add('a');
    assert.equal(await take(), 'a');
    queue.add('a');
    queue.add('a');
    assert.equal(queue.length, 0);
    assert.equal(await take(), undefined);
    queue.done('a');
    assert.equal(await take(), 'a');
    queue.done('a');
    assert.equal(await take(), undefined, 'two additions are one');
  });

  it('hands a new key to the worker that has waited longest', async () => {
    const { queue } = setUp();
    const gone = new AbortController();
    const workers = [queue.get(never), queue.get(gone.signal), queue.get(never)];
    gone.abort();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    assert.deepEqual(await Promise.all(workers), ['a', undefined, 'b']);
    assert.equal(queue.length, 1);
  });

  it('gives nothing to a worker whose signal was aborted before', async () => {
    const { queue } = setUp();
    queue.add('a');
    assert.equal(await queue.get(AbortSignal.abort()), undefined);
    assert.equal(queue.length, 1);
  });

  it('leaves no listener at a signal that many waits share', async () => {
    const { queue } = setUp();
    const stop = new AbortController();
    for (let i = 0; i < 50; i++) {
      const key = queue.get(stop.signal);
      queue.add('a');
      queue.done((await key) as string);
    }
    assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  });

  it('gives changes before what came by time', async () => {
    const { queue, takeAll } = setUp();
    queue.add('t1', 'time');
    queue.add('c1');
    queue.add('t2', 'time');
    queue.add('c2');
    queue.add('t2');
    queue.add('c1', 'time');
    assert.deepEqual(await takeAll(), ['c1', 'c2', 't2', 't1']);
  });

  it('lets a key that changed while it was at work come again as a change', async () => {
    const { queue, take } = setUp();
    queue.add('a');
    await take();
    queue.add('a', 'time');
    queue.add('a', 'change');
    queue.add('b', 'time');
    queue.done('a');
    assert.equal(await take(), 'a');
  });

  it('serves a key that came by time within 60 s, however many changes come', async () => {
    const { queue, clock, take } = setUp();
    const waits: number[] = [];
    const since = new Map<string, number>();
    for (let second = 0; second < 600; second++) {
      // Twice as many changes as one worker can do, and now and then one by time.
      for (let i = 0; i < 2; i++) queue.add(`change-${second}-${i}`);
      if (second % 5 === 0) {
        queue.add(`time-${second}`, 'time');
        since.set(`time-${second}`, clock.time);
      }
      const key = (await take()) as string;
      if (key.startsWith('time')) waits.push(clock.time - (since.get(key) as number));
      queue.done(key);
      clock.advance(1000);
    }
    assert.ok(waits.length > 110, `${waits.length}`);
    assert.ok(Math.max(...waits) <= 60_000, `${Math.max(...waits)}`);
  });

  it('serves changes, however many keys came by time', async () => {
    const { queue, clock, take } = setUp();
    for (let i = 0; i < 1000; i++) queue.add(`time-${i}`, 'time');
    clock.advance(600_000);
    queue.add('change');
    const keys = [await take(), await take()];
    assert.ok(keys.includes('change'));
  });

  it('adds a key after its delay, at the earliest of its times', async () => {
    const { queue, clock, take } = setUp();
    queue.addAfter('a', 1000);
    queue.addAfter('a', 5000);
    queue.addAfter('b', 3000);
    queue.addAfter('b', 2000);
    queue.addAfter('c', 0);
    assert.equal(await take(), 'c');
    clock.advance(999);
    assert.equal(await take(), undefined);
    clock.advance(1);
    assert.equal(await take(), 'a');
    clock.advance(1000);
    assert.equal(await take(), 'b');
    queue.done('a');
    queue.done('b');
    clock.advance(10_000);
    assert.equal(await take(), undefined, 'later times of the same keys are forgotten');
    assert.equal(clock.timers.length, 0);
  });

  it('has one timer for 10,000 delayed keys', async () => {
    const { queue, clock, takeAll } = setUp();
    for (let i = 0; i < 10_000; i++) queue.addAfter(`${i}`, 1000 + ((i * 7919) % 10_000));
    assert.equal(clock.timers.length, 1);
    clock.advance(20_000);
    const keys = (await takeAll()).map(Number);
    assert.equal(keys.length, 10_000);
    const times = keys.map((key) => (key * 7919) % 10_000);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.ok(clock.set <= 10_010, `${clock.set} timers`);
  });

  it('waits longer than a timer can', async () => {
    const { queue, clock, take } = setUp();
    queue.addAfter('a', 8760 * 3_600_000);
    clock.advance(8760 * 3_600_000 - 1);
    assert.equal(await take(), undefined);
    clock.advance(1);
    assert.equal(await take(), 'a');
  });

  it('doubles the delay of a key that fails, until it is forgotten', async () => {
    const { queue, clock, take } = setUp();
    assert.deepEqual(
      [1, 2, 3].map(() => queue.addRateLimited('a')),
      [750, 1500, 3000],
    );
    assert.equal(queue.addRateLimited('b'), 750);
    for (let i = 0; i < 20; i++) queue.addRateLimited('a');
    assert.equal(queue.addRateLimited('a'), 15 * 60_000);
    assert.equal(queue.failures('a'), 24);
    queue.forget('a');
    assert.equal(queue.failures('a'), 0);
    assert.equal(queue.addRateLimited('a'), 750);
    clock.advance(750);
    assert.equal(await take(), 'a');
  });

  it('takes its bounds of delays from the options', () => {
    const queue = new WorkQueue({ clock: new StandingClock(), retryDelay: { min: 100, max: 250 } });
    assert.deepEqual(
      [1, 2, 3].map(() => queue.addRateLimited('a')),
      [100, 200, 250],
    );
    queue.shutDown();
  });

  it('spreads the retries of many keys that fail together', async () => {
    const queue = new WorkQueue({ clock: Object.assign(new StandingClock(), { random: Math.random }) });
    const delays = Array.from({ length: 1000 }, (_, i) => queue.addRateLimited(`${i}`));
    const buckets = Map.groupBy(delays, (wait) => Math.floor((wait - 600) / 15));
    assert.ok([...buckets.values()].every(({ length }) => length <= 200));
    assert.equal(buckets.size, 10);
  });

  it('ends all waits when it is shut down, and takes nothing more', async () => {
    const { queue, clock } = setUp();
    const workers = [queue.get(never), queue.get(never)];
    queue.addAfter('later', 1000);
    queue.shutDown();
    assert.deepEqual(await Promise.all(workers), [undefined, undefined]);
    queue.add('a');
    queue.addAfter('a', 10);
    assert.equal(await queue.get(never), undefined);
    assert.deepEqual([queue.length, clock.timers.length], [0, 0]);
  });

  it('drains: drops what waits, and resolves when the workers are through', async () => {
    const { queue, take } = setUp();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await take();
    await take();
    queue.add('a');
    let isDrained = false;
    const drained = queue.drain().then(() => {
      isDrained = true;
    });
    queue.done('a');
    await delay(1);
    assert.equal(isDrained, false);
    queue.done('b');
    await drained;
    assert.equal(queue.length, 0);
    await queue.drain();
  });

  it('tells its metrics what client-go would', async () => {
    const told: [string, number?][] = [];
    const tell =
      (name: string) =>
      (value?: number): void =>
        void told.push(value === undefined ? [name] : [name, value]);
    const metrics: QueueMetrics = {
      added: tell('added'),
      depth: tell('depth'),
      latency: tell('latency'),
      workDuration: tell('workDuration'),
      retried: tell('retried'),
      unfinished: tell('unfinished'),
      longestRunning: tell('longestRunning'),
    };
    const { queue, clock, take } = setUp({ metrics });
    queue.add('a');
    queue.add('a');
    clock.advance(2000);
    await take();
    queue.add('a');
    clock.advance(500);
    queue.observe();
    queue.done('a');
    queue.addRateLimited('b');
    assert.deepEqual(told, [
      ['added'],
      ['depth', 1],
      ['depth', 1],
      ['depth', 0],
      ['latency', 2],
      ['added'],
      ['unfinished', 0.5],
      ['longestRunning', 0.5],
      ['workDuration', 0.5],
      ['depth', 1],
      ['retried'],
    ]);
  });

  it('counts the wait of a key from when it was first added', async () => {
    const waits: number[] = [];
    const ignore = () => {};
    const metrics: QueueMetrics = {
      ...{ added: ignore, depth: ignore, workDuration: ignore, retried: ignore },
      ...{ unfinished: ignore, longestRunning: ignore, latency: (seconds) => waits.push(seconds) },
    };
    const { queue, clock, take } = setUp({ metrics });
    queue.add('a', 'time');
    clock.advance(2000);
    queue.add('a', 'change');
    clock.advance(1000);
    await take();
    queue.add('a');
    clock.advance(4000);
    queue.done('a');
    await take();
    assert.deepEqual(waits, [3, 4]);
  });

  it('works by the machine’s clock', async () => {
    const queue = new WorkQueue();
    queue.addAfter('b', 20);
    queue.addAfter('a', 5);
    assert.deepEqual([await queue.get(never), await queue.get(never)], ['a', 'b']);
    queue.shutDown();
  });
});
