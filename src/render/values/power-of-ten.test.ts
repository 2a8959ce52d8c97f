import assert from 'node:assert/strict';
import { powerOfTen } from './power-of-ten.ts';

describe('powers of ten', () => {
  const cases: [number, number][] = [
    [0, 1],
    [1, 10],
    [15, 1e15],
    [22, 1e22],
    [-1, 0.1],
    [-3, 0.001],
    [120, 1e120],
    [308, 1e308],
    [309, Number.POSITIVE_INFINITY],
    [400, Number.POSITIVE_INFINITY],
    [-400, 0],
    [Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY],
    [-Number.MAX_SAFE_INTEGER, 0],
  ];
  for (const [power, expected] of cases) {
    it(`10^${power} is ${expected}`, () => {
      const found = powerOfTen(power);
      if (Number.isFinite(expected) && expected !== 0) {
        assert.ok(Math.abs(found / expected - 1) < 1e-14, `${found}`);
      } else assert.equal(found, expected);
    });
  }
});
