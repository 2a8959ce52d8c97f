import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ScheduleEntry } from '../api/generatorset-schema.ts';
import { hasComeSince, nextRetry, nextRun, type Timing } from './next-run.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at = (text: string) => Date.parse(`2026-${text}Z`);
const entry = (cron: string, window = '0s', timeZone = 'UTC'): ScheduleEntry => ({ cron, timeZone, window });
const UID = '7d0c';

describe('nextRun', () => {
  const now = at('11-22T12:00:00');
  /** An interval with the share of this set. */
  const jittered = (interval: number) => nextRun({ interval, lastRun: now, uid: UID, now }) as number;

  it('adds to an interval a share of at most 5 % that is the set’s own', () => {
    const waits = Array.from({ length: 1000 }, (_, i) =>
      nextRun({ interval: DAY, lastRun: now, uid: `${i}`, now }),
    ) as number[];
    assert.ok(waits.every((wait) => wait >= DAY && wait <= DAY * 1.05));
    const buckets = Map.groupBy(waits, (wait) => Math.floor((wait / DAY - 1) * 100));
    assert.equal(buckets.size, 5);
    for (const bucket of buckets.values()) assert.ok(bucket.length > 120 && bucket.length < 280);
    assert.equal(nextRun({ interval: DAY, lastRun: now, uid: '7', now }), waits[7], 'and stays');
  });

  const intervals: [title: string, Partial<Timing>, number | undefined][] = [
    ['runs at once when it never ran', { interval: DAY }, 0],
    ['runs at once when it never ran and has no interval', {}, 0],
    ['never runs by time without an interval', { lastRun: now - DAY }, undefined],
    ['waits for the rest of the interval', { interval: DAY, lastRun: now - HOUR }, jittered(DAY) - HOUR],
    ['is due after the interval', { interval: DAY, lastRun: now - jittered(DAY) }, 0],
    ['is due long after the interval', { interval: DAY, lastRun: now - 30 * DAY }, 0],
    [
      'waits at most two intervals after the clock was set back',
      { interval: DAY, lastRun: now + DAY },
      jittered(DAY) + DAY,
    ],
    [
      'does not believe a run farther off than the interval',
      { interval: 5 * MINUTE, lastRun: now + HOUR },
      0,
    ],
  ];
  for (const [title, timing, wait] of intervals) {
    it(title, () =>
      assert.equal(nextRun({ interval: undefined, lastRun: undefined, uid: UID, now, ...timing }), wait),
    );
  }

  const daily = [entry('0 6 * * *')];
  const windowed = [entry('0 6 * * *', '2h')];
  const schedules: [
    title: string,
    schedule: ScheduleEntry[],
    lastRun: string | undefined,
    now: string,
    wait: number,
    interval?: number,
  ][] = [
    ['runs a new set at once', daily, undefined, '11-22T05:00:00', 0],
    ['waits for the next time', daily, '11-21T06:00:00', '11-22T05:00:00', HOUR],
    ['is due at its time', daily, '11-21T06:00:00', '11-22T06:00:00', 0],
    ['is not due a moment before', daily, '11-21T06:00:00', '11-22T05:59:59.999', 1],
    ['follows one time once', daily, '11-22T06:00:00', '11-22T06:00:00', DAY],
    [
      'follows one time once, also when the clock went back a little',
      daily,
      '11-22T06:00:00.010',
      '11-22T05:59:59.900',
      DAY + 100,
    ],
    ['makes up a missed time', daily, '11-21T06:00:00', '11-22T17:00:00', 0],
    ['makes up many missed times as one', daily, '11-01T06:00:00', '11-22T17:00:00', 0],
    [
      'does not look at the interval without a window',
      daily,
      '11-22T06:00:00',
      '11-22T17:00:00',
      13 * HOUR,
      HOUR,
    ],
    ['makes up a missed time within its window', windowed, '11-21T06:00:00', '11-22T07:59:59', 0],
    ['leaves out a time whose window has closed', windowed, '11-21T06:00:00', '11-22T08:00:00', 22 * HOUR],
    [
      'runs on the interval within the window',
      windowed,
      '11-22T06:00:00',
      '11-22T06:01:00',
      jittered(30 * MINUTE) - MINUTE,
      30 * MINUTE,
    ],
    [
      'is due within the window after the interval',
      windowed,
      '11-22T06:00:00',
      '11-22T06:40:00',
      0,
      30 * MINUTE,
    ],
    [
      'waits for the next time when the interval ends after the window',
      windowed,
      '11-22T07:50:00',
      '11-22T07:55:00',
      22 * HOUR + 5 * MINUTE,
      30 * MINUTE,
    ],
    [
      'waits for the next time outside of the window',
      windowed,
      '11-22T07:50:00',
      '11-22T12:00:00',
      18 * HOUR,
      30 * MINUTE,
    ],
    [
      'runs at the next time though the interval has not passed',
      windowed,
      '11-22T07:50:00',
      '11-23T05:00:00',
      HOUR,
      48 * HOUR,
    ],
    [
      'takes the earliest of several entries',
      [entry('0 6 * * *'), entry('0 18 * * *')],
      '11-22T06:00:00',
      '11-22T12:00:00',
      6 * HOUR,
    ],
    [
      'is due by any of several entries',
      [entry('0 6 * * *', '1h'), entry('0 18 * * *')],
      '11-21T06:00:00',
      '11-22T12:00:00',
      0,
    ],
    [
      'reads the time of its zone',
      [entry('0 6 * * *', '0s', 'America/New_York')],
      '11-21T12:00:00',
      '11-22T10:00:00',
      HOUR,
    ],
  ];
  for (const [title, schedule, lastRun, present, wait, interval] of schedules) {
    it(`with a schedule ${title}`, () => {
      const timing = {
        schedule,
        interval,
        uid: UID,
        lastRun: lastRun === undefined ? undefined : at(lastRun),
      };
      assert.equal(nextRun({ ...timing, now: at(present) }), wait);
    });
  }
});

/** Follows a set through time as its caller does: looks again at least every so often, and runs what is due. */
function follow(
  timing: Omit<Timing, 'now' | 'uid'>,
  options: { from: number; to: number; look: number; jump?: [at: number, by: number] },
) {
  const runs: number[] = [];
  let { lastRun } = timing;
  let skew = 0;
  for (let real = options.from; real < options.to; ) {
    if (options.jump && skew === 0 && real >= options.jump[0]) skew = options.jump[1];
    const now = real + skew;
    const wait = nextRun({ ...timing, lastRun, now, uid: UID }) ?? Number.POSITIVE_INFINITY;
    if (wait === 0) {
      runs.push(real);
      lastRun = now;
      // A pass takes a moment.
      real += 100;
    } else real += Math.min(wait, options.look);
  }
  return runs;
}

describe('a set that follows its timing', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'Asia/Tehran',
  ];
  for (const timeZone of zones) {
    for (const cron of ['0 6 * * *', '30 2 * * *', '0 0 * * *', '59 23 * * *', '30 1,2,3 * * *']) {
      it(`runs once at each time of "${cron}" in ${timeZone}, all year`, () => {
        const from = Date.parse('2026-01-01T12:00:00Z');
        const to = Date.parse('2027-01-01T12:00:00Z');
        const runs = follow(
          { interval: undefined, lastRun: from, schedule: [entry(cron, '0s', timeZone)] },
          { from, to, look: DAY },
        );
        assert.equal(runs.length, cron.startsWith('30 1,2,3') ? expectedThrice(runs, timeZone) : 365);
        const days = new Set(runs.map((run) => new Date(run).toLocaleDateString('en', { timeZone })));
        assert.equal(days.size, 365, 'every day has one');
      });
    }
  }

  /** Two times of one night may fall together where the clock is set forward, and are one then. */
  function expectedThrice(runs: readonly number[], timeZone: string): number {
    const forward = timeZone === 'UTC' || timeZone === 'Asia/Tehran' ? 0 : 1;
    assert.ok([3 * 365, 3 * 365 - forward, 3 * 365 - 2 * forward].includes(runs.length), `${runs.length}`);
    return runs.length;
  }

  const jumps = [-DAY, -HOUR, -MINUTE, -100, 100, MINUTE, HOUR, DAY];
  const sets: [title: string, Omit<Timing, 'now' | 'uid' | 'lastRun'>, period: number][] = [
    ['an interval of 5m', { interval: 5 * MINUTE }, 5 * MINUTE * 1.05],
    ['an interval of 24h', { interval: DAY }, DAY * 1.05],
    ['a time a day', { interval: undefined, schedule: [entry('0 6 * * *')] }, DAY],
    ['a time every 5 minutes', { interval: undefined, schedule: [entry('*/5 * * * *')] }, 5 * MINUTE],
    ['a window all day', { interval: HOUR, schedule: [entry('0 6 * * *', '24h')] }, HOUR * 1.05],
  ];
  for (const [title, timing, period] of sets) {
    for (const by of jumps) {
      it(`with ${title} misses at most one pass when the clock jumps by ${by / 1000} s`, () => {
        const from = at('11-20T06:00:01');
        fc.assert(
          fc.property(fc.integer({ min: 0, max: 2 * DAY }), (when) => {
            const jump: [number, number] = [from + when, by];
            const to = from + when + 3 * period + HOUR;
            const start = Math.max(from, from + when - 3 * period);
            const runs = follow(
              { ...timing, lastRun: start },
              { from: start, to, look: Math.max(MINUTE, period / 50), jump },
            );
            const gaps = [start, ...runs].slice(1).map((run, i) => run - ([start, ...runs][i] as number));
            assert.ok(
              gaps.every((gap) => gap <= 2.1 * period + MINUTE),
              `${gaps}`,
            );
            assert.ok(to - (runs.at(-1) ?? start) <= 2.1 * period + MINUTE);
            // One more than time asks for, where the clock made a time come early.
            assert.ok(runs.length <= (to - start + Math.max(0, by)) / Math.min(period / 1.05, period) + 2);
          }),
          { numRuns: 10 },
        );
      });
    }
  }

  it('never follows one time twice when the clock is set back by up to the time between two', () => {
    const instants = fc.integer({ min: at('11-20T05:00:00'), max: at('11-21T05:00:00') });
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: DAY }), (when, by) => {
        const timing = { interval: undefined, schedule: [entry('0 6 * * *')], lastRun: at('11-19T06:00:00') };
        const from = at('11-19T07:00:00');
        const runs = follow(timing, { from, to: at('11-24T07:00:00'), look: HOUR, jump: [when, -by] });
        const ticks = runs.map((run) => new Date(run >= when ? run - by : run).toISOString().slice(0, 10));
        assert.equal(new Set(ticks).size, ticks.length, `${ticks}`);
      }),
      { numRuns: 50 },
    );
  });
});

describe('nextRetry', () => {
  const timing = { interval: undefined, lastRun: at('11-21T06:00:00'), uid: UID };
  const cases: [
    title: string,
    schedule: ScheduleEntry[] | undefined,
    now: string,
    delay: number,
    wait: number,
  ][] = [
    ['is the delay without a schedule', undefined, '11-22T06:00:00', MINUTE, MINUTE],
    ['is the delay without a window, however late', [entry('0 6 * * *')], '11-22T20:00:00', HOUR, HOUR],
    ['is the delay within the window', [entry('0 6 * * *', '1h')], '11-22T06:10:00', MINUTE, MINUTE],
    [
      'is the next time when the window closes before',
      [entry('0 6 * * *', '1h')],
      '11-22T06:58:00',
      2 * MINUTE,
      DAY - 58 * MINUTE,
    ],
  ];
  for (const [title, schedule, now, delay, wait] of cases) {
    it(title, () =>
      assert.equal(nextRetry({ ...timing, ...(schedule && { schedule }), now: at(now) }, delay), wait),
    );
  }
});

describe('hasComeSince', () => {
  const cases: [
    title: string,
    schedule: ScheduleEntry[] | undefined,
    lastRun: string | undefined,
    expected: boolean,
  ][] = [
    ['is false without a schedule', undefined, '11-01T00:00:00', false],
    [
      'is false for a pass within the window after the one at the time',
      [entry('0 6 * * *', '8h')],
      '11-22T06:00:00',
      false,
    ],
    ['is true for the pass at the time', [entry('0 6 * * *')], '11-22T05:59:59.999', true],
    ['is true for a set that never ran', [entry('0 6 * * *')], undefined, true],
  ];
  for (const [title, schedule, lastRun, expected] of cases) {
    it(title, () => {
      const timing = { interval: undefined, uid: UID, now: at('11-22T12:00:00') };
      const last = lastRun === undefined ? undefined : at(lastRun);
      assert.equal(hasComeSince({ ...timing, ...(schedule && { schedule }), lastRun: last }), expected);
    });
  }
});
