import assert from 'node:assert/strict';
import { checkTime, LimitFault, spend, startMeter, stopMeter, withoutTime, withTimeLimit } from './meter.ts';

/** A clock that the test moves, and how often it was read since it was started. */
function startClock() {
  const clock = { now: 0, reads: 0 };
  startMeter({
    milliseconds: 100,
    clock: () => {
      clock.reads++;
      return clock.now;
    },
  });
  checkTime();
  clock.reads = 0;
  return clock;
}

describe('the meter of a render', () => {
  afterEach(stopMeter);

  it('looks at the clock for much work, and not for each piece', () => {
    const clock = startClock();
    for (let i = 0; i < 1000; i++) spend(10);
    assert.equal(clock.reads, 0);
    for (let i = 0; i < 1000; i++) spend(1000);
    assert.ok(clock.reads > 10 && clock.reads < 50, `${clock.reads} reads`);
  });

  it('refuses work behind the deadline', () => {
    const clock = startClock();
    clock.now = 100;
    checkTime();
    clock.now = 101;
    spend(1);
    assert.throws(() => spend(1_000_000), new LimitFault('took longer than 100 ms'));
    assert.throws(checkTime, LimitFault);
  });

  it('gives back the time of what is bounded in another way, and no more than that', () => {
    const clock = startClock();
    const made = withoutTime(() => {
      clock.now = 1000;
      return 'made';
    });
    assert.equal(made, 'made');
    clock.now = 1100;
    checkTime();
    clock.now = 1101;
    assert.throws(checkTime, LimitFault);
  });

  it('gives it back also when that fails, but not to all renders together', () => {
    let now = 0;
    const clock = () => now;
    withTimeLimit({ milliseconds: 150, clock }, () => {
      startMeter({ milliseconds: 100, clock });
      const fail = () => {
        now = 120;
        throw new Error('inside');
      };
      assert.throws(() => withoutTime(fail), /inside/);
      now = 150;
      checkTime();
      now = 151;
      assert.throws(checkTime, new LimitFault('all renders took too long together'));
    });
  });

  it('counts the time of many renders together', () => {
    let now = 0;
    const clock = () => now;
    withTimeLimit({ milliseconds: 150, clock }, () => {
      startMeter({ milliseconds: 100, clock });
      checkTime();
      now = 100;
      checkTime();
      startMeter({ milliseconds: 100, clock });
      checkTime();
      now = 151;
      assert.throws(checkTime, new LimitFault('all renders took too long together'));
      startMeter({ milliseconds: 100, clock });
      assert.throws(() => spend(1), LimitFault);
    });
    startMeter({ milliseconds: 100, clock });
    checkTime();
    spend(1);
  });

  it('never looks at the clock in small renders, but for what they do together', () => {
    let reads = 0;
    const clock = () => ++reads;
    for (let i = 0; i < 20; i++) {
      startMeter({ milliseconds: 100, clock });
      spend(10_000);
      stopMeter();
    }
    assert.ok(reads > 0 && reads < 10, `${reads} reads`);
  });

  it('refuses nothing outside of a render', () => {
    const clock = startClock();
    stopMeter();
    clock.now = 1e9;
    checkTime();
    spend(1e9);
  });
});
