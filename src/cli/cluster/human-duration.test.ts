import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ageOf, humanDuration } from './human-duration.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

describe('humanDuration', () => {
  const cases: [number, string][] = [
    [-5 * S, '0s'],
    [0, '0s'],
    [999, '0s'],
    [119 * S, '119s'],
    [2 * M, '2m'],
    [5 * M + 30 * S, '5m30s'],
    [10 * M + 30 * S, '10m'],
    [3 * H - 1, '179m'],
    [3 * H, '3h'],
    [7 * H + 5 * M, '7h5m'],
    [47 * H, '47h'],
    [2 * D + 3 * H, '2d3h'],
    [8 * D + 3 * H, '8d'],
    [729 * D, '729d'],
    [3 * 365 * D + 2 * D, '3y2d'],
    [9 * 365 * D + 2 * D, '9y'],
    [Number.NaN, '<unknown>'],
  ];
  for (const [milliseconds, text] of cases) {
    it(`says ${text} for ${milliseconds} ms`, () => assert.equal(humanDuration(milliseconds), text));
  }

  it('is never longer than a column takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 * 365 * D }), (time) => humanDuration(time).length <= 6),
    );
  });
});

describe('ageOf', () => {
  const now = new Date('2026-01-31T12:00:00Z');

  it('counts from a time of the server', () => assert.equal(ageOf('2026-01-31T11:59:30Z', now), '30s'));
  it('says that there is none', () => {
    assert.deepEqual(
      [undefined, 'soon', 5].map((time) => ageOf(time, now)),
      Array(3).fill('<unknown>'),
    );
  });
});
