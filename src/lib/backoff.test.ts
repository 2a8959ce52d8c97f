import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backoff, jitter, MAX_RETRY_DELAY } from './backoff.ts';

describe('backoff', () => {
  const cases: [number, number][] = [
    [1, 750],
    [2, 1500],
    [3, 3000],
    [11, 768_000],
    [12, MAX_RETRY_DELAY],
    [10_000, MAX_RETRY_DELAY],
  ];
  for (const [failures, milliseconds] of cases) {
    it(`waits ${milliseconds} ms after ${failures} failures`, () =>
      assert.equal(
        backoff(failures, () => 0),
        milliseconds,
      ));
  }

  it('takes up to a fifth away by chance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const [most, some] = [backoff(failures, () => 0), backoff(failures, () => chance)];
          assert.ok(some <= most && some >= most * 0.799);
        },
      ),
    );
  });
});

describe('jitter', () => {
  it('adds up to 5 % to the interval', () => {
    assert.equal(
      jitter(1000, () => 0),
      1000,
    );
    assert.equal(Math.round(jitter(1000, () => 1)), 1050);
  });
});
