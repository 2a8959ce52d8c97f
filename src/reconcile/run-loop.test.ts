import assert from 'node:assert/strict';
import type { Generator } from '../../generators/generator.ts';
import { loadedSet } from '../../test/harness/sets.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { generate } from '../generate/generate.ts';
import { silentLogger } from '../lib/logger.ts';
import type { Outcome } from './reconcile.ts';
import type { SetResult } from './reconcile-all.ts';
import { runLoop } from './run-loop.ts';
import { Schedule, setKey } from './schedule.ts';
import { setInterval } from './set-interval.ts';

/** Milliseconds. */
const INTERVAL = 600_000;
const outcome: Outcome = {
  plan: { changes: [], digest: 'sha256:x' },
  delivered: false,
  elements: [],
  decisions: [],
};
const refuse = async (): Promise<never> => Promise.reject(new Error('not in this test'));

/** A loop on a clock of its own: a sleep is over at once, and the clock has moved by as much. */
async function runFor(
  duration: number,
  sets: () => readonly LoadedSet[],
  {
    random = 0,
    ask = async () => {},
    atEnd = () => {},
    wall,
  }: { random?: number; ask?: (set: string) => Promise<void>; atEnd?: () => void; wall?: () => number } = {},
) {
  const clock = { time: 0 };
  let woken = false;
  const stop = new AbortController();
  const queries: [string, number][] = [];
  const results: SetResult[] = [];
  const errors: string[] = [];
  const source: Generator<{ interval?: number }> = {
    name: 'source',
    schema: {},
    interval: ({ interval }) => interval,
    async generate() {
      return [{}];
    },
  };
  const generators = [source] as Generator[];
  const schedule = new Schedule({
    lastRuns: { read: async () => undefined, write: async () => Promise.reject(new Error('disk full')) },
    clock: { now: wall ?? (() => clock.time), monotonic: () => clock.time, random: () => random },
    interval: ({ set }) => setInterval(set, generators),
    isDelivered: async () => true,
  });
  await runLoop({
    schedule,
    readSets: async () => sets(),
    async reconcileSet(loaded, pass) {
      const asking: Generator = {
        ...source,
        async generate() {
          queries.push([setKey(loaded), clock.time]);
          await ask(setKey(loaded));
          return [{}];
        },
      } as Generator;
      const { signal } = new AbortController();
      const readers = {
        objects: { get: refuse, list: refuse },
        http: { request: refuse },
        git: { open: refuse },
        artifacts: { open: refuse },
        log: silentLogger,
        isTemplate: () => false,
        render: () => assert.fail('no templates here'),
      };
      await generate(loaded.set.spec.generators, {
        generators: [asking],
        context: { ...readers, namespace: 'x', signal },
        ...pass,
      });
      return outcome;
    },
    report: (result) => void results.push(result),
    reportError: (error) => void errors.push(error.message),
    async sleep(milliseconds) {
      // Passes under way go on meanwhile; one that ends wakes the loop.
      for (let turn = 0; turn < 5 && !woken; turn++) await new Promise(setImmediate);
      if (!woken) clock.time += Math.max(1, milliseconds);
      woken = false;
      if (clock.time < duration) return;
      stop.abort();
      atEnd();
    },
    wake() {
      woken = true;
    },
    stop: stop.signal,
  });
  return { queries, results, errors };
}

const timed = (name: string) => loadedSet(name, { generators: [{ source: { interval: INTERVAL } }] });

describe('runLoop', () => {
  for (const random of [0, 0.5, 1]) {
    it(`asks on every interval, and never later than 5 % after it (chance ${random})`, async () => {
      const { queries } = await runFor(30 * INTERVAL, () => [timed('a')], { random });
      const gaps = queries.slice(1).map(([, at], index) => at - (queries[index]?.[1] ?? 0));
      assert.ok(queries.length >= 29 && queries.length <= 30, `${queries.length} queries`);
      for (const gap of gaps)
        assert.ok(gap >= INTERVAL && gap <= INTERVAL * 1.05 + 10_000, `a gap of ${gap} ms`);
    });
  }

  it('lets no dead source delay another set', async () => {
    const dead = Array.from({ length: 15 }, (_, index) => timed(`dead-${index}`));
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const ask = async (set: string): Promise<void> => {
      if (set !== 'flux-system/good') await released;
    };
    const { queries } = await runFor(3 * INTERVAL, () => [...dead, timed('good')], {
      ask,
      atEnd: () => release(),
    });
    assert.equal(queries.filter(([set]) => set === 'flux-system/good').length, 3);
    assert.equal(queries.filter(([set]) => set === 'flux-system/dead-0').length, 1);
  });

  it('runs a set again after a failure, later each time, though its last run cannot be kept', async () => {
    let tries = 0;
    const ask = async (): Promise<void> => {
      if (++tries <= 3) throw new Error('down');
    };
    const { queries, errors } = await runFor(INTERVAL, () => [timed('a')], { ask });
    const times = queries.map(([, at]) => at);
    assert.equal(times.length, 4);
    assert.ok((times[3] ?? 0) - (times[2] ?? 0) > (times[2] ?? 0) - (times[1] ?? 0));
    assert.deepEqual(errors, ['disk full']);
  });

  it('goes on when the clock of the machine jumps', async () => {
    let reads = 0;
    const { queries } = await runFor(5 * INTERVAL, () => [timed('a')], {
      wall: () => (reads++ % 2 === 0 ? 4e12 : 0),
    });
    assert.equal(queries.length, 5);
  });

  it('takes up a set that appears, and drops one that goes', async () => {
    let round = 0;
    const { queries } = await runFor(INTERVAL, () => (++round < 30 ? [timed('old')] : [timed('new')]));
    assert.deepEqual(
      queries.map(([set]) => set),
      ['flux-system/old', 'flux-system/new'],
    );
  });

  it('leaves every set as it is while the files cannot be read', async () => {
    let round = 0;
    const { queries, errors } = await runFor(INTERVAL / 2, () => {
      if (++round % 2 === 0) throw new Error('no such folder');
      return [timed('a')];
    });
    assert.equal(queries.length, 1);
    assert.ok(errors.includes('no such folder'));
  });
});
