import assert from 'node:assert/strict';
import { apiClient } from '../../generators/api-client/index.ts';
import type { ApiClientSpec } from '../../generators/api-client/schema.ts';
import type { GenerateContext } from '../../generators/generator.ts';
import type { Element } from '../../src/api/element.ts';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { queryJsonPath } from '../../src/lib/json-path.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { type Series, usePrometheus } from './prometheus.ts';

const DAY = 24 * 3600;
const STEP = 300;
const NOW = Math.floor(Date.now() / 1000 / STEP) * STEP;

/** max(max_over_time(container_memory_usage_bytes{container="podinfod",pod=~"podinfo-.*"}[30d]))by(container)/1024 */
const SEED =
  'max%28max_over_time%28container_memory_usage_bytes%7Bcontainer%3D%22podinfod%22%2Cpod%3D~%22podinfo-.%2A%22%7D%5B30d%5D%29%29by%28container%29%2F1024';

const PODS = ['podinfo-7b4c9d-2xk', 'podinfo-7b4c9d-9qw', 'podinfo-66fd8c-abc', 'podinfo-66fd8c-zzz'];

/** Bytes that a pod uses, from 100 to 200 MiB, without two days alike. */
function usage(pod: number, seconds: number): number {
  const wave = Math.sin(seconds / 9000 + pod) * Math.cos(seconds / (DAY * 3) - pod);
  return Math.round((150 + 50 * wave) * 1024 * 1024) + pod;
}

function* samplesOf(pod: number, from: number, to: number): Generator<readonly [number, number]> {
  for (let seconds = from; seconds <= to; seconds += STEP) yield [seconds, usage(pod, seconds)];
}

function memory(container: string, pod: string, samples: Series['samples']): Series {
  return { series: `container_memory_usage_bytes{container="${container}",pod="${pod}"}`, samples };
}

/** Pods that come and go over 30 days, and three decoys that use more: too old, another container, another pod. */
function makeSeries(): Series[] {
  const decoy = 2 ** 33;
  const recent = [NOW - 10 * DAY, decoy] as const;
  const [first = '', ...others] = PODS;
  return [
    memory('podinfod', first, [[NOW - 31 * DAY, decoy], ...samplesOf(0, NOW - 29.9 * DAY, NOW - 12 * DAY)]),
    ...others.map((pod, i) => memory('podinfod', pod, samplesOf(i + 1, NOW - (20 - 5 * i) * DAY, NOW))),
    memory('sidecar', first, [recent]),
    memory('podinfod', 'other-podinfo-1', [recent]),
  ];
}

function expectedMaximum(): number {
  const windows = PODS.map((_, i) => (i === 0 ? [29.9, 12] : [20 - 5 * (i - 1), 0]));
  const values = windows.flatMap(([from = 0, to = 0], pod) => {
    return Array.from(samplesOf(pod, NOW - from * DAY, NOW - to * DAY), ([, value]) => value);
  });
  return values.reduce((highest, value) => Math.max(highest, value), 0);
}

describe('apiClient against a real Prometheus', () => {
  const prometheus = usePrometheus(makeSeries);
  const http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger });
  after(() => http.close());

  /** Runs a query, already encoded, as a set would. */
  function query(
    encoded: string,
    spec: Partial<ApiClientSpec> = { singleElement: true },
  ): Promise<Element[]> {
    const endpoint = `${prometheus().origin}/api/v1/query?query=${encoded}`;
    const signal = new AbortController().signal;
    const context = {
      namespace: 'flux-system',
      signal,
      log: silentLogger,
      http,
    } as unknown as GenerateContext;
    return apiClient.generate({ interval: '24h', endpoint, ...spec }, context);
  }

  it('gives the highest memory of 30 days, exactly, for the seed query', async () => {
    const [element, ...more] = await query(SEED);
    assert.deepEqual(more, []);
    const [sample] = queryJsonPath('{.data.result[0].value[1]}', element as JsonValue);
    assert.equal(Number(sample), expectedMaximum() / 1024);
    assert.deepEqual(queryJsonPath('{.data.result[*].metric}', element as JsonValue), [
      { container: 'podinfod' },
    ]);
  });

  it('gives one element a pod by jsonPath', async () => {
    const promql = 'max_over_time(container_memory_usage_bytes{pod=~"podinfo-.*",container="podinfod"}[1h])';
    const elements = await query(encodeURIComponent(promql), { jsonPath: '{.data.result}' });
    const pods = elements.flatMap((element) => queryJsonPath('{.metric.pod}', element));
    assert.deepEqual(pods.sort(), PODS.slice(1).sort());
  });

  const failures: [string, string, RegExp][] = [
    ['an unknown metric', 'container_memory_usage_bites', /the Prometheus query has an empty result/],
    ['a query that is no PromQL', 'max(', /400 \(bad_data, at line 1, column \d of the query\)/],
    ['a query without an expression', '', /400 \(bad_data, at line 1, column \d of the query\)/],
    ['a vector of NaN', 'vector(0) / 0', /data\.result\[0\]\.value .* is NaN, not a finite number/],
    ['a scalar NaN', '0 / 0', /data\.result of the Prometheus answer is NaN/],
    ['+Inf', 'vector(1) / 0', /is \+Inf, not a finite number/],
    ['-Inf', '-1 / 0', /is -Inf, not a finite number/],
    ['NaN within a range', '(vector(0) / 0)[5m:1m]', /data\.result\[0\]\.values\[0\] .* is NaN/],
  ];
  for (const [what, promql, message] of failures) {
    it(`fails on ${what}`, async () => {
      await assert.rejects(query(encodeURIComponent(promql)), (error: Error) => {
        assert.match(error.message, /^GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/query: /);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('gives an empty result where that is an answer', async () => {
    const spec = { jsonPath: '{.data.result}', onEmpty: 'accept' } as const;
    assert.deepEqual(await query('container_memory_usage_bites', spec), []);
  });
});
