import assert from 'node:assert/strict';
import { StalledError } from '../../src/api/errors.ts';
import { checkPromql, findSelectors } from '../../src/lib/promql.ts';
import type { Series } from './answer.ts';
import { instantQuery, promqlDuration } from './queries.ts';
import { newestSampleQuery, readSampleTime, selectorsOf } from './sample-age.ts';
import type { PrometheusSpec } from './schema.ts';

const NOW = 1_700_000_000;
const SPEC = {
  interval: '1h',
  url: 'http://p',
  query: 'rate(a{x="1"}[5m]) / b offset 1d',
  maxSampleAge: '10m',
};

/** What the newest sample is by selector, in seconds before now; absent: there is none. */
function sampleTime(
  ages: Record<string, number>,
  change: Partial<PrometheusSpec> = {},
): Promise<number | undefined> {
  return readSampleTime({ ...SPEC, ...change } as PrometheusSpec, async ({ promql, shape }) => {
    assert.equal(shape, 'instant');
    assert.equal(checkPromql(promql), undefined);
    const [selector] = findSelectors(promql);
    const age = Object.hasOwn(ages, selector ?? '') ? ages[selector ?? ''] : undefined;
    if (age === undefined) return [];
    const value = Number.isFinite(age) ? { value: NOW - age } : {};
    return [{ metric: {}, samples: [{ time: NOW, ...value }] }] satisfies Series[];
  });
}

describe('the age of samples', () => {
  it('is not asked for without a limit', async () => {
    const ask = async () => assert.fail('asked');
    assert.equal(await readSampleTime({ ...SPEC, maxSampleAge: undefined } as never, ask), undefined);
  });

  it('is that of the selector whose newest sample is the oldest', async () => {
    assert.equal(await sampleTime({ 'a{x="1"}': 30, b: 90 }), NOW - 90);
    assert.equal(await sampleTime({ 'a{x="1"}': 600, b: 90 }), NOW - 600);
  });

  const refused: [string, Record<string, number>, Partial<PrometheusSpec>, RegExp][] = [
    [
      'too old',
      { 'a{x="1"}': 30, b: 601 },
      {},
      /^maxSampleAge: the newest sample of b is 10m1s old, older than 10m0s$/,
    ],
    ['not there', { b: 30 }, {}, /^maxSampleAge: a\{x="1"\} has no sample of the last 10m0s$/],
    ['no number', { b: Number.NaN, 'a{x="1"}': 1 }, {}, /the newest sample of b has no time/],
    [
      'too old by freshness',
      { up: 700 },
      { freshness: 'timestamp(up)' },
      /^freshness: the newest sample is 11m40s old/,
    ],
    ['unknown by freshness', {}, { freshness: 'timestamp(up)' }, /gives 0 series, it must give one/],
    ['in another unit', { up: -1e12 }, { freshness: 'timestamp(up)' }, /lies in the future; .* in seconds/],
  ];
  for (const [what, ages, change, message] of refused) {
    it(`fails when samples are ${what}`, async () => {
      await assert.rejects(sampleTime(ages, change), (error: Error) => {
        assert.match(error.message, message);
        return !(error instanceof StalledError);
      });
    });
  }

  it('comes from freshness where that is given, and from nothing else', async () => {
    assert.equal(await sampleTime({ up: 5 }, { freshness: 'max(timestamp(up))' }), NOW - 5);
  });

  it('may lie a little ahead, since clocks differ', async () => {
    assert.equal(await sampleTime({ up: -60 }, { freshness: 'max(timestamp(up))' }), NOW + 60);
  });

  it('refuses more than one series as freshness', async () => {
    const one = { metric: {}, samples: [{ time: NOW, value: NOW }] };
    const spec = { ...SPEC, freshness: 'timestamp(up)' } as PrometheusSpec;
    await assert.rejects(
      readSampleTime(spec, async () => [one, one]),
      /gives 2 series/,
    );
  });

  it('asks for each selector once, over the limit and a look more', () => {
    const spec = { ...SPEC, query: 'a + a offset 1h + rate(b[1d] @ 5)' } as PrometheusSpec;
    assert.deepEqual(selectorsOf(spec), ['a', 'b']);
    const queries: [number, string][] = [
      [600_000, 'max(max_over_time(timestamp(a)[615s:15s]))'],
      [3_600_000, 'max(max_over_time(timestamp(a)[3660s:60s]))'],
      [30 * 86_400_000, 'max(max_over_time(timestamp(a)[2592240s:240s]))'],
    ];
    for (const [limit, promql] of queries) assert.equal(newestSampleQuery('a', limit), promql);
  });
});

describe('queries over time', () => {
  it('are subqueries, also behind a comment', () => {
    assert.equal(instantQuery('up', undefined), 'up');
    const promql = instantQuery('up # all', { last: '1h30m', step: '1.5s' });
    assert.equal(promql, '(up # all\n)[5400s:1500ms]');
    assert.equal(checkPromql(promql), undefined);
  });

  it('have durations without fractions', () => {
    assert.deepEqual(['0.5ms', '100ms', '2m'].map(promqlDuration), ['1ms', '100ms', '120s']);
  });
});
