import assert from 'node:assert/strict';
import { loadedSet } from '../../test/harness/sets.ts';
import { StalledError, WaitingError } from '../api/errors.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { LastRuns } from '../clients/files/last-runs.ts';
import type { Plan } from '../plan/plan.ts';
import { Schedule } from './schedule.ts';

const INTERVAL = 1000;

/** Last runs that outlive a schedule, as the cache folder's do. */
function memoryLastRuns(): LastRuns {
  const runs = new Map<string, { digest: string; at: number }>();
  return {
    read: async (set, digest) => (runs.get(set)?.digest === digest ? runs.get(set)?.at : undefined),
    write: async (set, digest, at) => void runs.set(set, { digest, at }),
  };
}

function setUp(interval: number | undefined = INTERVAL, lastRuns = memoryLastRuns(), now = 0) {
  const clock = { time: now, now: () => clock.time, monotonic: () => clock.time, random: () => 0 };
  const world = { delivered: true };
  const isDelivered = async () => world.delivered;
  const schedule = new Schedule({ lastRuns, clock, interval: () => interval, isDelivered });
  const due = async (sets: LoadedSet[]) => (await schedule.due(sets)).map(({ set }) => set.metadata.name);
  return { schedule, clock, due, lastRuns, world };
}

describe('Schedule', () => {
  const set = loadedSet('a');

  it('runs a new set at once, asking every generator', async () => {
    const { schedule, due } = setUp();
    assert.deepEqual(await due([set]), ['a']);
    assert.equal(schedule.begin(set).all, true);
  });

  it('runs it again after its interval, and then lets memory serve', async () => {
    const { schedule, clock, due } = setUp();
    await due([set]);
    await schedule.finish({ loaded: set });
    clock.time = INTERVAL - 1;
    assert.deepEqual(await due([set]), []);
    assert.equal(schedule.untilNext(), 1);
    clock.time = INTERVAL;
    assert.deepEqual(await due([set]), ['a']);
    assert.equal(schedule.begin(set).all, false);
  });

  const changes: [string, LoadedSet][] = [
    ['spec', loadedSet('a', { elementKey: 'x' })],
    ['annotations', loadedSet('a', {}, { 'reconcile.fluxcd.io/requestedAt': 'now' })],
  ];
  for (const [what, changed] of changes) {
    it(`runs a set at once when its ${what} changed, asking every generator`, async () => {
      const { schedule, due } = setUp();
      await due([set]);
      await schedule.finish({ loaded: set });
      assert.deepEqual(await due([changed]), ['a']);
      assert.equal(schedule.begin(changed).all, true);
    });
  }

  it('runs all sets at once when an object that they may read has changed, also during a pass', async () => {
    const world = { objects: 'a' };
    const schedule = new Schedule({
      lastRuns: memoryLastRuns(),
      clock: { now: () => 0, monotonic: () => 0, random: () => 0 },
      interval: () => undefined,
      isDelivered: async () => true,
      digestObjects: async () => world.objects,
    });
    const due = async () => (await schedule.due([set])).length;
    assert.equal(await due(), 1);
    schedule.begin(set);
    await schedule.finish({ loaded: set });
    assert.equal(await due(), 0);
    world.objects = 'b';
    assert.equal(await due(), 1);
    assert.equal(schedule.begin(set).all, true);
    world.objects = 'c';
    assert.equal(await due(), 0);
    await schedule.finish({ loaded: set });
    assert.equal(await due(), 1);
  });

  it('never runs a set without an interval again by time', async () => {
    const { schedule, clock } = setUp();
    const still = new Schedule({
      lastRuns: memoryLastRuns(),
      clock,
      interval: () => undefined,
      isDelivered: async () => true,
    });
    await still.due([set]);
    await still.finish({ loaded: set });
    assert.equal(still.untilNext(), Number.POSITIVE_INFINITY);
    assert.equal(schedule.untilNext(), Number.POSITIVE_INFINITY);
  });

  it('waits for the rest of the interval after a restart', async () => {
    const before = setUp();
    await before.due([set]);
    await before.schedule.finish({ loaded: set });
    const after = setUp(INTERVAL, before.lastRuns, 400);
    assert.deepEqual(await after.due([set]), []);
    assert.equal(after.schedule.untilNext(), 600);
    assert.deepEqual(await after.due([loadedSet('a', { elementKey: 'x' })]), ['a'], 'but a changed set runs');
  });

  const failures: [string, Error, number[]][] = [
    ['doubles the delay', new Error('down'), [750, 1500, 3000]],
    ['waits as long as a waiting set says', new WaitingError('NotYet', 5000, 'not yet'), [5000, 5000]],
    ['waits longest for a stalled set', new StalledError('Bad', 'bad'), [900_000]],
  ];
  for (const [title, error, delays] of failures) {
    it(`after a failure ${title}`, async () => {
      const { schedule, due, clock } = setUp();
      await due([set]);
      for (const delay of delays) {
        await schedule.finish({ loaded: set, error });
        assert.equal(schedule.untilNext(), delay);
        clock.time += delay;
        assert.equal(schedule.begin(set).all, true, 'every generator is asked until one pass is good');
      }
    });
  }

  it('runs at once after a restart when the target has lost the delivery', async () => {
    const before = setUp();
    await before.due([set]);
    await before.schedule.finish({ loaded: set });
    const after = setUp(INTERVAL, before.lastRuns, 400);
    after.world.delivered = false;
    assert.deepEqual(await after.due([set]), ['a']);
  });

  it('does not start a set whose pass has not ended', async () => {
    const { schedule, due } = setUp();
    await due([set]);
    schedule.begin(set);
    assert.deepEqual(await due([set]), []);
    assert.equal(schedule.untilNext(), Number.POSITIVE_INFINITY);
    await schedule.finish({ loaded: set, error: new Error('down') });
    assert.equal(schedule.untilNext(), 750);
  });

  it('runs a set that changed during its pass right after it', async () => {
    const { schedule, due } = setUp();
    const changed = loadedSet('a', { elementKey: 'x' });
    await due([set]);
    schedule.begin(set);
    assert.deepEqual(await due([changed]), []);
    await schedule.finish({ loaded: set });
    assert.deepEqual(await due([changed]), ['a']);
  });

  const holds: [what: string, hold: Partial<Plan>][] = [
    ['a held plan', { held: { rule: 'onEmpty', message: 'held' } }],
    ['held changes', { heldChanges: { digest: 'sha256:y', message: 'held', changes: [] } }],
  ];
  for (const [what, hold] of holds) {
    it(`does not take a pass with ${what} for a last run: the approval may come with the next start`, async () => {
      const before = setUp();
      const plan = { changes: [], digest: 'sha256:x', ...hold };
      await before.due([set]);
      await before.schedule.finish({
        loaded: set,
        outcome: { plan, delivered: false, elements: [], decisions: [] },
      });
      assert.deepEqual(await setUp(INTERVAL, before.lastRuns, 400).due([set]), ['a']);
    });
  }

  it('does not believe a last run in the future', async () => {
    const before = setUp(INTERVAL, memoryLastRuns(), 1e12);
    await before.due([set]);
    await before.schedule.finish({ loaded: set });
    assert.deepEqual(await setUp(INTERVAL, before.lastRuns, 400).due([set]), ['a']);
  });

  it('stands though the last run cannot be kept', async () => {
    const broken: LastRuns = {
      read: async () => undefined,
      write: async () => Promise.reject(new Error('disk full')),
    };
    const { schedule, due } = setUp(INTERVAL, broken);
    await due([set]);
    await assert.rejects(schedule.finish({ loaded: set }), /disk full/);
    assert.equal(schedule.untilNext(), INTERVAL);
  });

  it('forgets sets that are gone', async () => {
    const { schedule, due } = setUp();
    await due([set]);
    await due([]);
    assert.equal(schedule.untilNext(), Number.POSITIVE_INFINITY);
    assert.throws(() => schedule.begin(set), /flux-system\/a is not scheduled/);
  });
});
