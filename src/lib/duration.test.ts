import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('parseDuration', () => {
  const durations: [text: string, milliseconds: number][] = [
    ['24h', 24 * hour],
    ['5m30s', 5 * minute + 30 * second],
    ['1.5h', 90 * minute],
    ['100ms', 100],
    ['0s', 0],
    ['1h1h', 2 * hour],
    ['90m', 90 * minute],
    ['0.5ms', 0.5],
    ['1h0.25s', hour + 250],
    ['0.0000019ms', 0.000001],
    ['2562047h47m16.854775807s', 9223372036854.775],
    ['007s', 7 * second],
  ];
  for (const [text, milliseconds] of durations) {
    it(`reads ${text}`, () => assert.equal(parseDuration(text), milliseconds));
  }

  const refused = [
    ...['', '0', '5', '-5s', '+5s', '1d', '1w', '5 m', ' 5m', '5m ', '5m\n', '.5s', '5.s', '1,5s', '1e3s'],
    ...['5M', '5us', '5µs', '5ns', 'h', 's5', '5m-3s', '٥s', 'NaN', 'Infinity', '1..5s', '0x5s'],
    '9'.repeat(65),
  ];
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseDuration(text), /is not a duration such as 24h or 5m30s$/);
    });
  }

  it('refuses what Go cannot hold', () => {
    assert.throws(() => parseDuration('2562047h47m16.854775808s'), /longer than a duration can be/);
    assert.throws(() => parseDuration(`${'9'.repeat(60)}h`), /longer than a duration can be/);
  });

  it('shortens a long text in its message', () => {
    assert.throws(
      () => parseDuration('x'.repeat(10_000)),
      (error: Error) => error.message.length < 120,
    );
  });
});

describe('formatDuration', () => {
  const durations: [milliseconds: number, text: string][] = [
    [0, '0s'],
    [24 * hour, '24h0m0s'],
    [5 * minute + 30 * second, '5m30s'],
    [1500, '1.5s'],
    [100, '100ms'],
    [1.5, '1.5ms'],
    [0.0015, '1.5µs'],
    [0.000001, '1ns'],
    [minute, '1m0s'],
    [hour, '1h0m0s'],
    [hour + 1, '1h0m0.001s'],
    [59_999, '59.999s'],
    [-1500, '-1.5s'],
    [-0, '0s'],
  ];
  for (const [milliseconds, text] of durations) {
    it(`writes ${milliseconds} ms as ${text}`, () => assert.equal(formatDuration(milliseconds), text));
  }

  it('writes what parseDuration reads back', () => {
    const whole = fc.integer({ min: 0, max: 10 * 365 * 24 * hour });
    fc.assert(fc.property(whole, (value) => assert.equal(parseDuration(formatDuration(value)), value)));
  });
});
