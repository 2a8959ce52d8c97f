import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Duration, formatDuration, parseDuration, roundDuration, truncateDuration } from './duration.ts';

const MAX = 2n ** 63n - 1n;
const int64 = fc.bigInt({ min: -MAX - 1n, max: MAX });

describe('durations', () => {
  it('are read back from what they are written as', () => {
    fc.assert(fc.property(int64, (value) => assert.equal(parseDuration(formatDuration(value)), value)));
  });

  const cases: [string, bigint][] = [
    ['1h30m', 5_400_000_000_000n],
    ['-1.5h', -5_400_000_000_000n],
    ['1µs1us', 2000n],
    ['.5s', 500_000_000n],
    ['0', 0n],
    ['+0', 0n],
    ['-9223372036854775808ns', -MAX - 1n],
  ];
  for (const [text, value] of cases)
    it(`${text} is ${value} ns`, () => assert.equal(parseDuration(text), value));

  const refused: [string, RegExp][] = [
    ['', /^Error: time: invalid duration ""$/],
    ['5', /missing unit in duration "5"/],
    ['1d', /unknown unit "d" in duration "1d"/],
    ['1constructor', /unknown unit "constructor"/],
    ['.s', /invalid duration/],
    ['9223372036854775808ns', /invalid duration/],
    ['1é', /unknown unit "\\xc3\\xa9"/],
    ['1h'.repeat(1000), /^.{0,300}$/],
  ];
  for (const [text, message] of refused) {
    it(`${text.slice(0, 20)} is none`, () => assert.throws(() => parseDuration(text), message));
  }

  it('are rounded to the nearest multiple and cut to the one before', () => {
    fc.assert(
      fc.property(int64, fc.bigInt({ min: 1n, max: 2n ** 40n }), (value, multiple) => {
        const rounded = roundDuration(value, multiple);
        const isEnd = rounded === MAX || rounded === -MAX - 1n;
        assert.ok(isEnd || rounded % multiple === 0n);
        const distance = rounded > value ? rounded - value : value - rounded;
        assert.ok(distance * 2n <= multiple);
        assert.equal(truncateDuration(value, multiple), value - (value % multiple));
      }),
    );
    assert.equal(roundDuration(5n, 0n), 5n);
  });

  it('wrap at 64 bits', () => assert.equal(new Duration(2n ** 63n).integer, -(2n ** 63n)));
});
