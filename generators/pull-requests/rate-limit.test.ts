import assert from 'node:assert/strict';
import { rateLimitWait, waitOfError } from './rate-limit.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const SECONDS = NOW / 1000;
const DATE = new Date(NOW).toUTCString();

describe('the wait after a rate limit', () => {
  const cases: [what: string, status: number, headers: Record<string, string>, wait: number | undefined][] = [
    ['is what retry-after says, with 429', 429, { 'retry-after': '17' }, 17_000],
    ['is what retry-after says, with 403', 403, { 'retry-after': '60' }, 60_000],
    ['is until the date in retry-after', 429, { 'retry-after': new Date(NOW + 9000).toUTCString() }, 9000],
    [
      'is until the reset of GitHub',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(SECONDS + 300) },
      300_000,
    ],
    [
      'is until the reset of GitLab',
      429,
      { 'ratelimit-remaining': '0', 'ratelimit-reset': String(SECONDS + 30) },
      30_000,
    ],
    [
      'prefers retry-after',
      403,
      { 'retry-after': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(SECONDS + 300) },
      5000,
    ],
    [
      "goes by the server's clock",
      403,
      {
        date: new Date(NOW + 3_600_000).toUTCString(),
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(SECONDS + 3700),
      },
      100_000,
    ],
    ['is a second at least', 429, { 'retry-after': '0' }, 1000],
    ['is a second for a time that is past', 429, { 'x-ratelimit-reset': String(SECONDS - 5) }, 1000],
    ['is an hour at most', 429, { 'retry-after': '999999999999' }, 3_600_000],
    ['is a minute where nothing is said', 429, {}, 60_000],
    [
      'is a minute where nothing can be read',
      429,
      { 'retry-after': 'soon', 'x-ratelimit-reset': '1e3' },
      60_000,
    ],
    ['is a minute where a limit has no reset', 403, { 'x-ratelimit-remaining': '0' }, 60_000],
    [
      'is none for a 403 with some left',
      403,
      { 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': '1' },
      undefined,
    ],
    ['is none for a plain 403', 403, {}, undefined],
    ['is none for another status', 401, { 'retry-after': '5' }, undefined],
    ['is none for a good answer', 200, { 'x-ratelimit-remaining': '0', 'retry-after': '5' }, undefined],
  ];
  for (const [what, status, headers, wait] of cases) {
    it(what, () => {
      assert.equal(rateLimitWait({ status, headers: { date: DATE, ...headers }, body: '' }, 0), wait);
      const { date, ...dateless } = { date: DATE, ...headers };
      const present = Date.parse(date);
      assert.equal(rateLimitWait({ status, headers: dateless, body: '' }, present), wait);
    });
  }

  it('of an error is what its cause says', () => {
    const cause = Object.assign(new Error(), { retryAfter: 90_000 });
    assert.equal(waitOfError(new Error('x', { cause })), 90_000);
    assert.equal(
      waitOfError(new Error('x', { cause: Object.assign(new Error(), { retryAfter: 1e12 }) })),
      3_600_000,
    );
    for (const error of [
      new Error(),
      new Error('x', { cause: new Error() }),
      new Error('x', { cause: 5 }),
      null,
    ]) {
      assert.equal(waitOfError(error), undefined);
    }
  });
});
