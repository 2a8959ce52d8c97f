import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WATCH_DELAYS, WatchPace } from './watch-pace.ts';

/** What one attempt came to. */
interface Attempt {
  readonly opens: boolean;
  readonly life: number;
  readonly delivers: boolean;
  readonly fails: boolean;
}

const attempt = fc.record({
  opens: fc.boolean(),
  life: fc.nat(20_000),
  delivers: fc.boolean(),
  fails: fc.boolean(),
});

function run(pace: WatchPace, { opens, life, delivers, fails }: Attempt, start: number): number {
  pace.begin();
  if (opens) pace.opened(start);
  if (opens && delivers) pace.delivered();
  return fails ? pace.afterFailure({ kind: 'transient' }, start + life) : pace.afterEnd(start + life);
}

describe('WatchPace', () => {
  it('never opens more than a few watches a second, whatever they come to', () => {
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 50, maxLength: 50 }), (attempts) => {
        const pace = new WatchPace(WATCH_DELAYS, () => 0.5);
        let now = 0;
        for (const it of attempts) now += it.life + run(pace, it, now);
        assert.ok(now >= attempts.length * 250, `${attempts.length} watches in ${now} ms`);
      }),
    );
  });

  it('opens the next watch at once when a good one has ended', () => {
    const pace = new WatchPace(WATCH_DELAYS, () => 1);
    assert.equal(run(pace, { opens: true, life: 300_000, delivers: false, fails: false }, 0), 0);
    assert.equal(run(pace, { opens: true, life: 1500, delivers: true, fails: false }, 0), 0);
  });

  it('slows down when the server ends each watch at once', () => {
    const pace = new WatchPace(WATCH_DELAYS, () => 1);
    const ends = Array.from({ length: 7 }, () =>
      run(pace, { opens: true, life: 1, delivers: false, fails: false }, 0),
    );
    assert.deepEqual(ends, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('stays at one second when each watch delivers and ends at once', () => {
    const pace = new WatchPace(WATCH_DELAYS, () => 1);
    const ends = Array.from({ length: 3 }, () =>
      run(pace, { opens: true, life: 1, delivers: true, fails: false }, 0),
    );
    assert.deepEqual(ends, [1000, 1000, 1000]);
  });

  it('doubles the delay after errors, and begins anew after a watch that was good', () => {
    const pace = new WatchPace(WATCH_DELAYS, () => 1);
    const dead = { opens: false, life: 0, delivers: false, fails: true };
    assert.deepEqual(
      [1, 2, 3].map(() => run(pace, dead, 0)),
      [1000, 2000, 4000],
    );
    assert.equal(run(pace, { opens: true, life: 10, delivers: true, fails: true }, 0), 1000);
    assert.deepEqual(
      [1, 2].map(() => run(pace, dead, 0)),
      [2000, 4000],
    );
    assert.equal(run(pace, { opens: true, life: 6000, delivers: false, fails: true }, 0), 1000);
  });

  it('takes any delay from none up to the limit', () => {
    const low = new WatchPace(WATCH_DELAYS, () => 0);
    assert.equal(run(low, { opens: false, life: 0, delivers: false, fails: true }, 0), 0);
  });

  for (const [name, failure, expected] of [
    ['waits for what the server asked, and more', { kind: 'transient', retryAfter: 7000 }, 8000],
    ['does not wait for hours', { kind: 'transient', retryAfter: 86_400_000 }, 301_000],
    ['spreads new lists', { kind: 'expired' }, 5000],
    ['comes back slowly where it may not watch', { kind: 'forbidden' }, 48_000],
    ['comes back slowly where there is no such kind', { kind: 'gone' }, 48_000],
  ] as const) {
    it(name, () => {
      const pace = new WatchPace(WATCH_DELAYS, () => 1);
      pace.begin();
      assert.equal(pace.afterFailure(failure, 0), expected);
    });
  }

  it('lists anew soon after a long outage, and slows down only when that comes to nothing', () => {
    const pace = new WatchPace(WATCH_DELAYS, () => 1);
    for (let i = 0; i < 6; i++) pace.afterFailure({ kind: 'transient' }, 0);
    assert.equal(pace.afterFailure({ kind: 'expired' }, 0), 5000);
    assert.equal(pace.afterFailure({ kind: 'expired' }, 0), 30_000);
  });

  it('doubts refusals of what was let through before', () => {
    const pace = new WatchPace(WATCH_DELAYS, () => 1);
    run(pace, { opens: true, life: 300_000, delivers: false, fails: false }, 0);
    pace.begin();
    for (let i = 0; i < 6; i++) pace.afterFailure({ kind: 'transient' }, 0);
    const delays = Array.from({ length: 5 }, () => pace.afterFailure({ kind: 'forbidden' }, 0));
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 288_000]);
  });

  it('asks for rights at least every five minutes', () => {
    const pace = new WatchPace(WATCH_DELAYS, () => 0);
    const delays = [1, 2, 3, 4, 5].map(() => {
      pace.begin();
      return pace.afterFailure({ kind: 'forbidden' }, 0);
    });
    assert.deepEqual(delays, [60_000, 120_000, 240_000, 300_000, 300_000]);
  });
});
