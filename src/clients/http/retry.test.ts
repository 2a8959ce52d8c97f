import assert from 'node:assert/strict';
import type { HttpAnswer } from '../../api/readers.ts';
import { type Clock, retry, retryAfter } from './retry.ts';

const NOW = Date.UTC(2026, 0, 1);

/** A clock that moves only by sleeping, and remembers the pauses. */
function fakeClock(): Clock & { pauses: number[] } {
  const pauses: number[] = [];
  let time = NOW;
  return {
    pauses,
    now: () => time,
    random: () => 0,
    async sleep(milliseconds) {
      pauses.push(milliseconds);
      time += milliseconds;
    },
  };
}

function answer(status: number, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, body: '' };
}

class Passing extends Error {}

interface Run {
  readonly result: string;
  readonly pauses: number[];
  readonly tries: number;
}

/** Runs the outcomes in turn; the result is the status, or the error's message. */
async function run(outcomes: (HttpAnswer | Error)[], timeout = 30_000): Promise<Run> {
  const clock = fakeClock();
  let tries = 0;
  const result = retry(
    async () => {
      const outcome = outcomes[tries++];
      if (outcome === undefined) throw new Error('asked too often');
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    {
      clock,
      timeout,
      signal: new AbortController().signal,
      isTransient: (error) => error instanceof Passing,
    },
  );
  const shown = await result.then(
    ({ status }) => String(status),
    (error: Error) => error.message,
  );
  return { result: shown, pauses: clock.pauses, tries };
}

const wait = (value: string, status = 503): HttpAnswer => answer(status, { 'retry-after': value });

const CASES: [string, (HttpAnswer | Error)[], Run, number?][] = [
  ['gives a good answer at once', [answer(200)], { result: '200', pauses: [], tries: 1 }],
  ['gives 400 at once', [answer(400)], { result: '400', pauses: [], tries: 1 }],
  ['gives 404 at once', [answer(404)], { result: '404', pauses: [], tries: 1 }],
  ['gives 501 at once', [answer(501)], { result: '501', pauses: [], tries: 1 }],
  ...[429, 500, 502, 503, 504].map((status): [string, HttpAnswer[], Run] => [
    `tries again after ${status}`,
    [answer(status), answer(200)],
    { result: '200', pauses: [250], tries: 2 },
  ]),
  [
    'gives the third answer, whatever it is',
    [answer(500), answer(502), answer(503)],
    { result: '503', pauses: [250, 500], tries: 3 },
  ],
  [
    'tries again after a failure that may pass',
    [new Passing('cut'), answer(200)],
    { result: '200', pauses: [250], tries: 2 },
  ],
  [
    'throws the third failure',
    [new Passing('1'), new Passing('2'), new Passing('3')],
    { result: '3', pauses: [250, 500], tries: 3 },
  ],
  ['throws any other failure at once', [new Error('wrong')], { result: 'wrong', pauses: [], tries: 1 }],
  ['waits as long as the server asks', [wait('5'), answer(200)], { result: '200', pauses: [5000], tries: 2 }],
  [
    'waits until the time the server names',
    [wait('Thu, 01 Jan 2026 00:00:07 GMT'), answer(200)],
    { result: '200', pauses: [7000], tries: 2 },
  ],
  [
    'does not hurry for Retry-After: 0',
    [wait('0', 429), answer(200)],
    { result: '200', pauses: [250], tries: 2 },
  ],
  [
    'ignores a Retry-After that it cannot read',
    [wait('soon'), answer(200)],
    { result: '200', pauses: [250], tries: 2 },
  ],
  [
    'gives up at once when the server asks for more than there is',
    [wait('3600', 429)],
    {
      result: 'answered 429 and asks to wait 1h0m0s, longer than the 30s left of the timeout',
      pauses: [],
      tries: 1,
    },
  ],
  [
    'counts what is left after the first tries',
    [wait('20'), wait('20')],
    {
      result: 'answered 503 and asks to wait 20s, longer than the 10s left of the timeout',
      pauses: [20_000],
      tries: 2,
    },
  ],
  [
    'gives the answer when no time is left for a pause',
    [answer(500)],
    { result: '500', pauses: [], tries: 1 },
    200,
  ],
  [
    'throws the failure when no time is left for a pause',
    [new Passing('cut')],
    { result: 'cut', pauses: [], tries: 1 },
    200,
  ],
];

describe('retry', () => {
  for (const [name, outcomes, expected, timeout] of CASES) {
    it(name, async () => assert.deepEqual(await run(outcomes, timeout), expected));
  }

  it('does not try again when it was aborted', async () => {
    const controller = new AbortController();
    let tries = 0;
    const attempt = async (): Promise<HttpAnswer> => {
      tries++;
      controller.abort();
      throw new Passing('cut');
    };
    const options = { clock: fakeClock(), timeout: 1000, signal: controller.signal, isTransient: () => true };
    await assert.rejects(retry(attempt, options), Passing);
    assert.equal(tries, 1);
  });
});

describe('retryAfter', () => {
  const cases: [string, number | undefined][] = [
    ['120', 120_000],
    [' 1 ', 1000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e9', undefined],
    ['9999999999999999999', undefined],
    ['2026-01-01', undefined],
    ['Foo, 99 Bar 2026 99:00:00 GMT', undefined],
    ['', undefined],
  ];
  for (const [value, expected] of cases) {
    it(`reads ${JSON.stringify(value)} as ${expected ?? 'nothing'}`, () => {
      assert.equal(retryAfter(wait(value), NOW), expected);
    });
  }
});
