import assert from 'node:assert/strict';
import { daysOf, HOUR } from '../../test/harness/backtest.ts';
import { linePath, stepPoints, usagePoints } from './plot-lines.ts';
import { stepPoint } from './step-line.ts';

const PERIOD = daysOf(1);
const NANO = 1_000_000_000n;
const at = (hour: number): number => PERIOD.from + hour * HOUR;

describe('usagePoints', () => {
  it('has a point for each sample, and gaps', () => {
    const points = usagePoints([NANO, undefined, 3n * NANO], PERIOD, 100);
    assert.deepEqual(points, [{ time: at(0), amount: 1 }, undefined, { time: at(2), amount: 3 }]);
  });

  it('has the least and the most of each part where there are many', () => {
    const points = usagePoints([NANO, 9n * NANO, 3n * NANO, undefined, undefined], PERIOD, 2);
    assert.deepEqual(points, [{ time: at(0), amount: 1 }, { time: at(0), amount: 9 }, undefined]);
  });
});

describe('stepPoints', () => {
  it('has both ends of each step, up to the end of the period', () => {
    const line = [stepPoint(at(0), '1'), stepPoint(at(6), '2')];
    assert.deepEqual(
      stepPoints(line, PERIOD).map((point) => point && [(point.time - PERIOD.from) / HOUR, point.amount]),
      [
        [0, 1],
        [6, 1],
        [6, 2],
        [24, 2],
      ],
    );
  });

  it('has a gap where the decision is gone', () => {
    const line = [stepPoint(at(0), '1'), stepPoint(at(6), undefined), stepPoint(at(12), '1')];
    assert.deepEqual(
      stepPoints(line, PERIOD).map((point) => point !== undefined),
      [true, true, false, true, true],
    );
  });
});

describe('linePath', () => {
  const same = (value: number): number => value;
  const cases: [string, Parameters<typeof linePath>[0], string][] = [
    ['nothing', [], ''],
    [
      'a line',
      [
        { time: 0, amount: 1 },
        { time: 2, amount: 3 },
      ],
      'M0.0 1.0h0L2.0 3.0',
    ],
    ['a gap', [{ time: 0, amount: 1 }, undefined, { time: 2, amount: 3 }], 'M0.0 1.0h0M2.0 3.0h0'],
  ];
  for (const [what, line, path] of cases) {
    it(`draws ${what}`, () => assert.equal(linePath(line, same, same), path));
  }
});
