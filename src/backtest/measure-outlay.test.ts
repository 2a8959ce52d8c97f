import assert from 'node:assert/strict';
import fc from 'fast-check';
import { daysOf, END, HOUR } from '../../test/harness/backtest.ts';
import type { UsageCells } from './backtest-result.ts';
import { measureOutlay } from './measure-outlay.ts';
import { type StepLine, stepPoint } from './step-line.ts';

const PERIOD = daysOf(1);
const MI = 2n ** 20n * 1_000_000_000n;

/** The usage of a day in MiB by the hour; undefined where there is no sample. */
function usageOf(mib: (hour: number) => number | undefined): UsageCells {
  return Array.from({ length: 24 }, (_, hour) => {
    const value = mib(hour);
    return value === undefined ? undefined : BigInt(value) * MI;
  });
}

function lineOf(...points: [hour: number, value: string | undefined][]): StepLine {
  return points.map(([hour, value]) => stepPoint(PERIOD.from + hour * HOUR, value));
}

/** What is compared, in hours and MiB-hours. */
interface Expected {
  readonly measured: number;
  readonly withoutData?: number;
  readonly withoutDecision?: number;
  readonly exceeded: number;
  readonly over: number;
}

describe('measureOutlay', () => {
  const cases: [string, UsageCells, StepLine, Expected][] = [
    [
      'counts what a constant limit leaves above a usage that grows',
      usageOf((hour) => 100 + hour),
      lineOf([0, '128Mi']),
      // 24 x 28 - (0 + 1 + ... + 23)
      { measured: 24, exceeded: 0, over: 396 },
    ],
    [
      'counts the hours above the limit, and no negative room in them',
      usageOf((hour) => 100 + hour),
      lineOf([0, '110Mi']),
      // Above in hours 11 to 23; 10 + 9 + ... + 0
      { measured: 24, exceeded: 13, over: 55 },
    ],
    [
      'takes a usage at the limit for below it',
      usageOf(() => 110),
      lineOf([0, '110Mi']),
      { measured: 24, exceeded: 0, over: 0 },
    ],
    [
      'follows a limit that changes',
      usageOf(() => 100),
      lineOf([0, '110Mi'], [6, '90Mi'], [18, '120Mi']),
      // 6 x 10 + 6 x 20
      { measured: 24, exceeded: 12, over: 180 },
    ],
    [
      'leaves out hours without a sample',
      usageOf((hour) => (hour < 6 ? undefined : 100)),
      lineOf([0, '110Mi']),
      { measured: 18, withoutData: 6, exceeded: 0, over: 180 },
    ],
    [
      'leaves out hours before the first decision and after the last',
      usageOf(() => 100),
      lineOf([6, '110Mi'], [18, undefined]),
      { measured: 12, withoutDecision: 12, exceeded: 0, over: 120 },
    ],
    [
      'measures nothing without decisions',
      usageOf(() => 100),
      [],
      { measured: 0, withoutDecision: 24, exceeded: 0, over: 0 },
    ],
  ];
  for (const [what, usage, decided, expected] of cases) {
    it(what, () => {
      const result = measureOutlay(usage, { decided, fixed: 0n }, PERIOD);
      assert.deepEqual(
        {
          measured: result.measured / HOUR,
          withoutData: result.withoutData / HOUR,
          withoutDecision: result.withoutDecision / HOUR,
          exceeded: result.decided.exceeded / HOUR,
          over: result.decided.overProvisioned,
        },
        {
          withoutData: 0,
          withoutDecision: 0,
          ...expected,
          over: BigInt(expected.over) * MI * BigInt(HOUR),
        },
      );
    });
  }

  it('measures the fixed value over the same hours', () => {
    const usage = usageOf((hour) => (hour < 6 ? undefined : 100));
    const result = measureOutlay(usage, { decided: lineOf([12, '90Mi']), fixed: 130n * MI }, PERIOD);
    assert.deepEqual(result.fixed, { exceeded: 0, overProvisioned: 30n * 12n * MI * BigInt(HOUR) });
    assert.equal(result.decided.exceeded, 12 * HOUR);
  });

  it('cuts the first and the last cell at the ends of the period', () => {
    const half = HOUR / 2;
    const period = { from: END - 2 * HOUR + half, to: END - half, step: HOUR, resolution: HOUR };
    const decided = [stepPoint(period.from, '1Ki')];
    const result = measureOutlay([0n, 0n], { decided, fixed: 0n }, period);
    assert.equal(result.measured, HOUR);
    assert.equal(result.decided.overProvisioned, 1024n * 1_000_000_000n * BigInt(HOUR));
  });

  const cells = fc.array(fc.option(fc.bigInt({ min: 0n, max: 2n ** 80n }), { nil: undefined }), {
    minLength: 24,
    maxLength: 24,
  });

  it('accounts for every hour, and a decided constant is worth as much as the same fixed value', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 0, max: 2 ** 40 }), (usage, bytes) => {
        const line = [stepPoint(PERIOD.from, String(bytes))];
        const result = measureOutlay(usage, { decided: line, fixed: BigInt(bytes) * 1_000_000_000n }, PERIOD);
        assert.equal(result.measured + result.withoutData + result.withoutDecision, 24 * HOUR);
        assert.deepEqual(result.decided, result.fixed);
      }),
    );
  });

  it('never exceeds more and never over-provisions less with a higher limit', () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 80n });
    fc.assert(
      fc.property(cells, amount, amount, (usage, base, more) => {
        const line = [stepPoint(PERIOD.from, '1')];
        const low = measureOutlay(usage, { decided: line, fixed: base }, PERIOD).fixed;
        const high = measureOutlay(usage, { decided: line, fixed: base + more }, PERIOD).fixed;
        assert.ok(high.exceeded <= low.exceeded);
        assert.ok(high.overProvisioned >= low.overProvisioned);
      }),
    );
  });
});
