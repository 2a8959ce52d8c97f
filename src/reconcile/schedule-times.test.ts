import assert from 'node:assert/strict';
import { loadedSet } from '../../test/harness/sets.ts';
import type { GeneratorSetSpec } from '../api/generatorset-schema.ts';
import type { LastRuns } from '../clients/files/last-runs.ts';
import { Schedule } from './schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string) => Date.parse(`2026-11-${text}Z`);

interface Start {
  readonly now: string;
  readonly spec?: Partial<GeneratorSetSpec>;
  readonly interval?: number;
  readonly lastRuns?: Map<string, number>;
}

/** A loop's schedule with one set, under a clock that stands until it is moved. */
function setUp({ now, spec, interval, lastRuns = new Map() }: Start) {
  const set = loadedSet('a', { schedule: [{ cron: '0 6 * * *', timeZone: 'UTC', window: '0s' }], ...spec });
  const clock = { epoch: at(now), running: 0 };
  const files: LastRuns = {
    read: async (key) => lastRuns.get(key),
    write: async (key, _, time) => void lastRuns.set(key, time),
  };
  const schedule = new Schedule({
    lastRuns: files,
    clock: { now: () => clock.epoch, monotonic: () => clock.running, random: () => 0 },
    interval: () => interval,
    isDelivered: async () => true,
  });
  const isDue = async (loaded = set) => (await schedule.due([loaded])).length === 1;
  return {
    set,
    schedule,
    lastRuns,
    isDue,
    /** Runs the set for a minute. */
    async run(result: { error?: Error; held?: boolean; loaded?: typeof set } = {}): Promise<boolean> {
      const { loaded = set, error, held } = result;
      assert.ok(await isDue(loaded));
      const { all } = schedule.begin(loaded);
      clock.epoch += MINUTE;
      clock.running += MINUTE;
      const plan = { changes: [], digest: 'd', held: { rule: 'onEmpty' as const, message: 'held' } };
      const outcome = held ? { outcome: { plan, delivered: false, elements: [], decisions: [] } } : {};
      await schedule.finish({ loaded, ...outcome, ...(error && { error }) });
      return all;
    },
    /** Sets the clock on the wall; the machine has run for as long. */
    async moveTo(text: string): Promise<boolean> {
      clock.running += Math.max(0, at(text) - clock.epoch);
      clock.epoch = at(text);
      return isDue();
    },
    /** Sets the clock on the wall alone, as a person does, or sleep. */
    async jumpTo(text: string): Promise<boolean> {
      clock.epoch = at(text);
      return isDue();
    },
  };
}

describe('Schedule of a set with a schedule', () => {
  it('runs it when it is new, and then at each of its times', async () => {
    const { run, moveTo, schedule } = setUp({ now: '20T12:00:00' });
    await run();
    assert.equal(schedule.untilNext(), 18 * HOUR - MINUTE);
    assert.equal(await moveTo('21T05:59:59'), false);
    assert.equal(await moveTo('21T06:00:00'), true);
    await run();
    assert.equal(await moveTo('22T05:59:59'), false);
    assert.equal(await moveTo('22T06:00:00'), true);
  });

  it('asks every generator at its times, and lets memory serve within the window', async () => {
    const spec = { schedule: [{ cron: '0 6 * * *', timeZone: 'UTC', window: '2h' }] };
    const { run, moveTo } = setUp({ now: '20T12:00:00', spec, interval: 30 * MINUTE });
    assert.equal(await run(), true);
    assert.equal(await moveTo('21T06:00:00'), true);
    assert.equal(await run(), true);
    assert.equal(await moveTo('21T06:29:00'), false);
    assert.equal(await moveTo('21T06:32:00'), true);
    assert.equal(await run(), false);
    assert.equal(await moveTo('21T08:00:00'), false, 'the window has closed');
  });

  it('runs a time that comes during a pass', async () => {
    const { run, isDue } = setUp({ now: '21T05:59:30' });
    await run();
    assert.equal(await isDue(), true);
    await run();
    assert.equal(await isDue(), false);
  });

  it('runs it at once when it changes', async () => {
    const { run, isDue, set } = setUp({ now: '20T12:00:00' });
    await run();
    const changed = loadedSet('a', { ...set.set.spec, elementKey: 'x' });
    assert.equal(await isDue(changed), true);
    assert.equal(await run({ loaded: changed }), true);
    assert.equal(await isDue(changed), false);
  });

  const windows: [window: string, next: string][] = [
    ['0s', '21T06:01:01'],
    ['1h', '21T06:01:01'],
    ['1m', '22T06:00:00'],
  ];
  for (const [window, next] of windows) {
    it(`tries a time that failed again ${next === '22T06:00:00' ? 'at the next' : 'soon'}, with a window of ${window}`, async () => {
      const spec = { schedule: [{ cron: '0 6 * * *', timeZone: 'UTC', window }] };
      const { run, moveTo } = setUp({ now: '20T12:00:00', spec });
      await run();
      await moveTo('21T06:00:00');
      await run({ error: new Error('down') });
      assert.equal(await moveTo('21T06:01:01'), next === '21T06:01:01');
      assert.equal(await moveTo(next), true);
      assert.equal(await run(), true, 'and still asks every generator');
    });
  }

  it('tries a changed set that failed again at any time', async () => {
    const spec = { schedule: [{ cron: '0 6 * * *', timeZone: 'UTC', window: '1h' }] };
    const { run, moveTo } = setUp({ now: '20T12:00:00', spec });
    await run({ error: new Error('down') });
    assert.equal(await moveTo('20T12:01:01'), true);
  });

  it('does not run a held set again before its time', async () => {
    const { run, isDue, moveTo, lastRuns } = setUp({ now: '20T12:00:00' });
    await run({ held: true });
    assert.equal(await isDue(), false);
    assert.equal(lastRuns.size, 0);
    assert.equal(await moveTo('21T06:00:00'), true);
  });

  const restarts: [title: string, now: string, due: boolean][] = [
    ['waits for the next time after a restart', '21T05:00:00', false],
    ['makes up after a restart for the time that it missed', '21T07:00:00', true],
  ];
  for (const [title, now, due] of restarts) {
    it(title, async () => {
      const before = setUp({ now: '20T12:00:00' });
      await before.run();
      const after = setUp({ now, lastRuns: before.lastRuns });
      assert.equal(await after.isDue(), due);
      assert.equal(await after.moveTo('21T08:00:00'), true, 'at the latest now');
      await after.run();
      assert.equal(await after.isDue(), false);
    });
  }

  it('follows the clock on the wall when it jumps, or when the machine has slept', async () => {
    const { run, jumpTo, schedule } = setUp({ now: '20T12:00:00' });
    await run();
    assert.equal(await jumpTo('21T05:00:00'), false);
    assert.equal(schedule.untilNext(), HOUR);
    assert.equal(await jumpTo('21T06:00:00'), true);
    await run();
    assert.equal(await jumpTo('21T05:30:00'), false, 'the same time does not come twice');
    assert.equal(await jumpTo('21T06:10:00'), false);
    assert.equal(await jumpTo('22T06:00:00'), true);
  });
});
