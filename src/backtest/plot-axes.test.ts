import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DAY, END, HOUR, MIB } from '../../test/harness/backtest.ts';
import { amountTicks, timeTicks } from './plot-axes.ts';

describe('timeTicks', () => {
  const cases: [number, string[]][] = [
    [
      6 * HOUR,
      [
        '02-28 18:00',
        '02-28 19:00',
        '02-28 20:00',
        '02-28 21:00',
        '02-28 22:00',
        '02-28 23:00',
        '03-01 00:00',
      ],
    ],
    [
      2 * DAY,
      [
        '02-27 00:00',
        '02-27 06:00',
        '02-27 12:00',
        '02-27 18:00',
        '02-28 00:00',
        '02-28 06:00',
        '02-28 12:00',
        '02-28 18:00',
        '03-01 00:00',
      ],
    ],
    [
      6 * DAY,
      ['2026-02-23', '2026-02-24', '2026-02-25', '2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01'],
    ],
  ];
  for (const [length, expected] of cases) {
    it(`are round within ${length / HOUR} hours`, () =>
      assert.deepEqual(
        timeTicks(END - length, END, 8).map(({ label }) => label),
        expected,
      ));
  }

  it('lie within the period and are few', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: END }),
        fc.integer({ min: 1000, max: 1000 * 365 * DAY }),
        (from, length) => {
          const ticks = timeTicks(from, from + length, 8);
          assert.ok(ticks.length <= 9);
          assert.ok(ticks.every(({ at }) => at >= from && at <= from + length));
        },
      ),
    );
  });
});

describe('amountTicks', () => {
  const cases: [number, 'memory' | 'cpu' | 'number', string[]][] = [
    [400 * MIB, 'memory', ['0', '128Mi', '256Mi', '384Mi', '512Mi']],
    [0.35, 'cpu', ['0', '100m', '200m', '300m', '400m']],
    [3, 'cpu', ['0', '1', '2', '3']],
    [12, 'number', ['0', '5', '10', '15']],
    [0, 'number', ['0', '1']],
  ];
  for (const [most, unit, expected] of cases) {
    it(`are round up to ${most} of ${unit}`, () =>
      assert.deepEqual(
        amountTicks(most, unit, 5).map(({ label }) => label),
        expected,
      ));
  }

  it('reach the most there is, and are few', () => {
    const unit = fc.constantFrom('memory', 'cpu', 'number', 'integer');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e18, noNaN: true }), unit, (most, of) => {
        const ticks = amountTicks(most, of as 'memory', 5);
        assert.ok(ticks.length >= 2 && ticks.length <= 7);
        assert.ok((ticks.at(-1)?.at ?? 0) >= most * (1 - 1e-6));
      }),
    );
  });
});
