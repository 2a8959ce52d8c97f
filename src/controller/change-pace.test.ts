import assert from 'node:assert/strict';
import { ChangePace } from './change-pace.ts';

describe('ChangePace', () => {
  it('lets ten passes begin at once, then one every ten seconds, and ten again after a rest', () => {
    let now = 1000;
    const pace = new ChangePace(() => now);
    const passesWithin = (milliseconds: number): number => {
      const end = now + milliseconds;
      let passes = 0;
      for (; now < end; now += 10) {
        if (pace.wait > 0) continue;
        pace.take();
        passes++;
      }
      return passes;
    };
    assert.equal(passesWithin(5000), 10);
    assert.equal(passesWithin(60_000), 6);
    assert.ok(pace.wait > 0 && pace.wait <= 10_000);
    now += 200_000;
    assert.equal(passesWithin(1000), 10);
  });

  it('says how long to wait', () => {
    let now = 0;
    const pace = new ChangePace(() => now);
    for (let pass = 0; pass < 10; pass++) pace.take();
    assert.equal(pace.wait, 10_000);
    now = 4000;
    assert.equal(pace.wait, 6000);
  });
});
