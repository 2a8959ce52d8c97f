import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellAt, cellIndex, countCells, formatTime, readPeriod, stepTimes } from './period.ts';

const NOW = new Date('2026-03-01T10:35:17.250Z');
const TEXTS = { from: '30d', step: '1d', resolution: '1h' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('readPeriod', () => {
  it('ends at the last whole resolution before now', () => {
    const { from, to, step, resolution } = readPeriod(TEXTS, NOW);
    assert.equal(formatTime(to), '2026-03-01T10:00:00Z');
    assert.equal(formatTime(from), '2026-01-30T10:00:00Z');
    assert.deepEqual([step, resolution], [24 * HOUR, HOUR]);
  });

  const ends: [string, string][] = [
    ['2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z'],
    ['2026-02-01T02:00:00+02:00', '2026-02-01T00:00:00Z'],
    ['2026-02-01T00:00:00.500Z', '2026-02-01T00:00:00.500Z'],
  ];
  for (const [to, expected] of ends) {
    it(`ends at ${to}`, () => assert.equal(formatTime(readPeriod({ ...TEXTS, to }, NOW).to), expected));
  }

  const lengths: [string, number][] = [
    ['1d', 24 * HOUR],
    ['1d12h', 36 * HOUR],
    ['90m', 90 * MINUTE],
    ['2h30m', 150 * MINUTE],
  ];
  for (const [from, expected] of lengths) {
    it(`goes back ${from}`, () => {
      const period = readPeriod({ ...TEXTS, from }, NOW);
      assert.equal(period.to - period.from, expected);
    });
  }

  const refused: [string, Partial<typeof TEXTS & { to: string }>, RegExp][] = [
    ['an empty duration', { from: '' }, /--from "" is not a duration such as 30d/],
    ['a duration without a unit', { from: '30' }, /--from "30" is not a duration/],
    ['a negative duration', { from: '-30d' }, /--from "-30d" is not a duration/],
    ['weeks', { step: '1w' }, /--step "1w" is not a duration/],
    ['no time at all', { step: '0s' }, /--step 0s must be whole milliseconds, at least 1s/],
    ['parts of a millisecond', { resolution: '1000.5ms' }, /--resolution 1.0005s must be whole milliseconds/],
    ['a day without a time', { to: '2026-03-01' }, /--to "2026-03-01" is not a time such as/],
    ['a day that is none', { to: '2026-02-31T25:00:00Z' }, /is not a time such as/],
    ['words', { to: 'yesterday' }, /--to "yesterday" is not a time/],
    ['more than 1,000 steps', { step: '30m' }, /--from 30d has more than 1000 steps of 30m/],
    ['too many samples', { resolution: '1s' }, /--from 30d has more than 110000 samples of 1s/],
    ['times before 1970', { from: '21000d', step: '30d', resolution: '1d' }, /reaches back before 1970/],
  ];
  for (const [what, texts, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => readPeriod({ ...TEXTS, ...texts }, NOW), message));
  }

  it('takes exactly 1,000 steps', () => {
    const period = readPeriod({ ...TEXTS, from: '999h', step: '1h' }, NOW);
    assert.equal(stepTimes(period).length, 1000);
  });
});

describe('stepTimes', () => {
  const period = { from: 0, to: 5 * HOUR, step: 2 * HOUR, resolution: HOUR };

  it('begins at the beginning and goes on while the step fits', () =>
    assert.deepEqual(stepTimes(period), [0, 2 * HOUR, 4 * HOUR]));
  it('includes the end where it falls on a step', () =>
    assert.deepEqual(stepTimes({ ...period, to: 4 * HOUR }).at(-1), 4 * HOUR));
});

describe('cells', () => {
  const length = fc.integer({ min: 1000, max: 10_000_000 });
  const periods = fc
    .record({ from: fc.integer({ min: 0, max: 10 ** 12 }), length, resolution: length })
    .filter((it) => it.length / it.resolution < 500)
    .map(({ from, length: long, resolution }) => ({ from, to: from + long, step: long, resolution }));

  it('cover the period without gap and overlap, and know their samples', () => {
    fc.assert(
      fc.property(periods, (period) => {
        const cells = Array.from({ length: countCells(period) }, (_, index) => cellAt(period, index));
        assert.equal(cells[0]?.begin, period.from);
        assert.equal(cells.at(-1)?.end, period.to);
        for (const [index, { sample, begin, end }] of cells.entries()) {
          assert.equal(sample % period.resolution, 0);
          assert.ok(sample <= begin && begin < end && end <= sample + period.resolution);
          assert.equal(cellIndex(period, sample), index);
          if (index > 0) assert.equal(begin, cells[index - 1]?.end);
        }
      }),
    );
  });
});
