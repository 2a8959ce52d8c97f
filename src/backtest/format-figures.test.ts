import assert from 'node:assert/strict';
import { amountUnit, formatAmount, formatHours } from './format-figures.ts';

const HOUR = 3_600_000;
const NANO = 1_000_000_000n;

describe('formatHours', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [HOUR, '1'],
    [1.5 * HOUR, '1.5'],
    [720 * HOUR, '720'],
    [HOUR / 3, '0.333'],
    [(2 * HOUR) / 3, '0.667'],
    [1800, '0.001'],
    [1799, '0'],
  ];
  for (const [milliseconds, expected] of cases) {
    it(`writes ${milliseconds} ms as ${expected}`, () => assert.equal(formatHours(milliseconds), expected));
  }
});

describe('formatAmount', () => {
  const hours = BigInt(HOUR);
  it('counts memory in GiB-hours', () => {
    assert.equal(formatAmount(396n * 2n ** 20n * NANO * hours, 'memory', 9), '0.38671875');
    assert.equal(amountUnit('memory'), 'GiB-hours');
  });
  it('counts cpu in core-hours', () => {
    assert.equal(formatAmount(250_000_000n * hours * 30n, 'cpu'), '7.5');
    assert.equal(amountUnit('cpu'), 'core-hours');
  });
  it('counts numbers in unit-hours', () => {
    assert.equal(formatAmount(3n * NANO * hours, 'integer'), '3');
    assert.equal(amountUnit('number'), 'unit-hours');
  });
  it('keeps every digit of what is more than a double holds', () => {
    assert.equal(formatAmount((2n ** 70n + 1n) * NANO * hours, 'number'), '1180591620717411303425');
  });
});
