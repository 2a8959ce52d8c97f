import assert from 'node:assert/strict';
import type { GenerateContext } from '../../generators/generator.ts';
import { prometheus as generator } from '../../generators/prometheus/index.ts';
import type { PrometheusSpec } from '../../generators/prometheus/schema.ts';
import type { Element, Origin } from '../../src/api/element.ts';
import { type ClosableHttpReader, createHttpReader } from '../../src/clients/http/http-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { checkPromql } from '../../src/lib/promql.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { type Series, usePrometheus } from './prometheus.ts';

const MINUTE = 60;
const HOUR = 3600;
/** On a full step, so that subqueries fall on samples. */
const NOW = Math.floor(Date.now() / 1000 / HOUR) * HOUR;
/** Samples go on, so that the newest is never old while the suite runs. */
const END = NOW + 2 * HOUR;

function* every(
  step: number,
  from: number,
  to: number,
  value: (seconds: number) => number,
): Iterable<[number, number]> {
  for (let seconds = from; seconds <= to; seconds += step) yield [seconds, value(seconds)];
}

/** Three pods with memory, two of them with cpu; one that went; a value that is none; one beyond 2^53. */
function makeSeries(): Series[] {
  const from = NOW - 6 * HOUR;
  const memory = (pod: string, value: (seconds: number) => number, to = END): Series => ({
    series: `memory_bytes{namespace="apps",pod="${pod}"}`,
    samples: every(MINUTE, from, to, value),
  });
  return [
    memory('web-2', () => 2048.5),
    memory('web-1', (seconds) => 1_481_480 + (seconds - NOW) / MINUTE),
    memory('web-3', () => 3),
    { series: 'cpu_cores{pod="web-1"}', samples: every(MINUTE, from, END, () => 0.25) },
    { series: 'cpu_cores{pod="web-2"}', samples: every(MINUTE, from, END, () => 1e-7) },
    { series: 'gone_bytes{pod="old"}', samples: every(MINUTE, from, NOW - HOUR, () => 7) },
    { series: 'odd_bytes{pod="nan"}', samples: every(MINUTE, from, END, () => Number.NaN) },
    { series: 'odd_bytes{pod="number"}', samples: every(MINUTE, from, END, () => 5) },
    { series: 'large_bytes', samples: every(MINUTE, from, END, () => 2 ** 60) },
  ];
}

/** What only Prometheus refuses: wrong types, selectors of everything, and a number that Prometheus 3 has. */
const ONLY_ASKED = [
  'sum(up[5m])',
  'rate(up)',
  'up{job=~"("}',
  '"a" + 1',
  'up and 1',
  '1 == 2',
  'clamp(up)',
  '{job!~`a\\d`}',
  'up offset 1h[5m]',
  '5m',
];
/** What only the grammar refuses: a metric with the name of a keyword, which {__name__="offset"} selects. */
const ONLY_READ = ['offset'];

/** PromQL and what is none. */
const TEXTS = [
  ...ONLY_ASKED,
  ...ONLY_READ,
  ...['', 'up', 'up{', 'up}', 'up{job}', 'up{job="a",}', 'up{job="a" "b"}', 'up{job=a}', '{__name__="up"}'],
  ...[
    'up{job="a\\d"}',
    'up{job="\\x41\\u0041"}',
    "up{job='a\\'b'}",
    'up{job="a}',
    "up{job='a\"b'}",
    'up # all',
    '# none',
  ],
  ...[
    'sum(up)',
    'sum(up',
    'sum up',
    'SUM(up) BY (job)',
    'sum by job (up)',
    'sum by (job,) (up)',
    'topk(3, up)',
    'topk(up',
  ],
  ...[
    'rate(up[5m])',
    'rate(up[5m)',
    'rate(up[m])',
    'rate(up[1h30m])',
    'rate(up[30m1h])',
    'bogus(up)',
    'rate(up[5m:1m])',
  ],
  ...['up offset 5m', 'up offset', 'up offset -1d', 'up @ 5', 'up @ end()', 'up @ up', 'up[5m] offset 1h'],
  ...[
    'up + up',
    'up +',
    '+ up',
    'up ++ up',
    'up == bool 1',
    'up == 1',
    'up ^ 2 ^ 3',
    'up atan2 up',
    'up unless up or up',
  ],
  ...[
    'a * on(x) group_left(y) b',
    'a * on x b',
    'a * ignoring(x) group_right b',
    'a on(x) b',
    'a and on() b',
  ],
  ...[
    '1',
    '-1',
    '1e3',
    '0x1f',
    'Inf',
    'NaN',
    '1 2',
    '"text"',
    'time()',
    'vector(1)',
    'absent(up)',
    'a:b',
    'a-b',
    'a.b',
    '5a',
  ],
  ...[
    'by',
    'sum',
    'bool',
    'on',
    'inf{a="b"}',
    'up{by="x",on="y"}',
    'sum without(bool) (up)',
    '🙂',
    'up 🙂',
    '{{ .x }}',
  ],
];

describe('the prometheus generator against a real Prometheus', () => {
  const prometheus = usePrometheus(makeSeries);
  const folder = useTemporaryFolder();
  const http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger });
  after(() => http.close());

  /** Runs a spec, and gives its elements with what was said of them. */
  async function run(
    spec: Partial<PrometheusSpec>,
    time?: Date,
  ): Promise<{ elements: Element[]; origins: Origin[]; warnings: string[] }> {
    const warnings: string[] = [];
    const notes = new Map<Element, Origin>();
    const context = {
      namespace: 'apps',
      signal: new AbortController().signal,
      log: { ...silentLogger, warn: (message: string) => warnings.push(message) },
      http,
      note: (element: Element, origin: Origin) => notes.set(element, origin),
      ...(time && { time }),
    } as unknown as GenerateContext;
    const elements = await generator.generate(
      { interval: '1h', url: prometheus().origin, ...spec } as PrometheusSpec,
      context,
    );
    return { elements, origins: elements.map((element) => notes.get(element) as Origin), warnings };
  }

  const metric = (pod: string) => ({ __name__: 'memory_bytes', namespace: 'apps', pod });
  const past = new Date(NOW * 1000);

  it('gives several series, sorted, with their values of a time that is past', async () => {
    const { elements, origins, warnings } = await run({ query: 'memory_bytes' }, past);
    assert.deepEqual(elements, [
      { metric: metric('web-1'), value: 1_481_480, timestamp: NOW },
      { metric: metric('web-2'), value: 2048.5, timestamp: NOW },
      { metric: metric('web-3'), value: 3, timestamp: NOW },
    ]);
    assert.deepEqual(origins[0], {
      key: '{__name__="memory_bytes",namespace="apps",pod="web-1"}',
      evaluated: past.toISOString(),
    });
    assert.deepEqual(warnings, []);
  });

  it('gives what is now without a time', async () => {
    const { elements } = await run({ query: 'memory_bytes{pod="web-3"}' });
    assert.equal(elements[0]?.['value'], 3);
    assert.ok(Math.abs(Number(elements[0]?.['timestamp']) - Date.now() / 1000) < MINUTE);
  });

  it('gives the same elements whatever the order of the answer', async () => {
    const [up, down] = [
      await run({ query: 'sort(memory_bytes)' }, past),
      await run({ query: 'sort_desc(memory_bytes)' }, past),
    ];
    assert.deepEqual(up.elements, down.elements);
  });

  it('joins queries by their labels', async () => {
    const { elements } = await run(
      { queries: { memory: 'memory_bytes', cpu: 'cpu_cores' }, joinOn: ['pod'] },
      past,
    );
    assert.deepEqual(elements, [
      { metric: { pod: 'web-1' }, memory: 1_481_480, cpu: 0.25, timestamp: NOW },
      { metric: { pod: 'web-2' }, memory: 2048.5, cpu: 1e-7, timestamp: NOW },
      { metric: { pod: 'web-3' }, memory: 3, timestamp: NOW },
    ]);
  });

  it('gives values over time, at multiples of the step', async () => {
    const spec = { query: 'memory_bytes{pod="web-1"} # all of it', range: { last: '10m', step: '5m' } };
    const values = [1_481_470, 1_481_475, 1_481_480];
    for (const seconds of [0, 299]) {
      const { elements } = await run(spec, new Date((NOW + seconds) * 1000));
      // Prometheus 3 leaves out the first moment of a range.
      const [element] = elements;
      const given = element?.['values'] as number[];
      assert.deepEqual(given, values.slice(-given.length));
      assert.ok(given.length >= 2);
      assert.deepEqual(
        { ...element, values: 0 },
        { metric: metric('web-1'), value: 1_481_480, values: 0, timestamp: NOW },
      );
    }
  });

  it('gives one element for a scalar, and every digit of a large number', async () => {
    assert.deepEqual((await run({ query: 'scalar(memory_bytes{pod="web-3"})' }, past)).elements, [
      { metric: {}, value: 3, timestamp: NOW },
    ]);
    const [large] = (await run({ query: 'large_bytes' }, past)).elements;
    assert.equal(large?.['value'], 1_152_921_504_606_847_000n);
  });

  const invalid: [string, string, number][] = [
    ['NaN', 'odd_bytes', 2],
    ['+Inf', 'memory_bytes{pod="web-3"} / 0', 1],
    ['-Inf', '-memory_bytes{pod="web-3"} / 0', 1],
  ];
  for (const [what, query, count] of invalid) {
    it(`leaves out the value that is ${what}, and says so`, async () => {
      const { elements, warnings } = await run({ query }, past);
      assert.equal(elements.length, count);
      assert.equal(Object.hasOwn(elements[0] ?? {}, 'value'), false);
      assert.equal(Object.hasOwn(elements[1] ?? { value: 1 }, 'value'), true);
      assert.match(warnings.join(), /1 of \d series have a value that is NaN or infinite/);
    });
  }

  const failures: [string, Partial<PrometheusSpec>, RegExp][] = [
    ['an unknown metric', { query: 'memory_bites' }, /^query: .*empty result/],
    ['a series that went stale', { query: 'gone_bytes' }, /^query: .*empty result/],
    [
      'PromQL of the wrong type',
      { query: 'sum(memory_bytes[5m])' },
      /400 \(bad_data, at line 1, column 5 of the query\)/,
    ],
    [
      'a broken regular expression',
      { query: 'memory_bytes{pod=~"("}' },
      /400 \(bad_data, at line 1, column 14 of the query\)/,
    ],
    ['many to many', { query: 'memory_bytes * on(namespace) memory_bytes' }, /422 \(execution\)/],
    ['a matrix', { query: 'memory_bytes[5m]' }, /gives a range of samples \(a matrix\)/],
    ['a text', { query: '"text"' }, /gives a text/],
    [
      'a time that is too short',
      { query: 'max_over_time(memory_bytes[6h:1s])', timeout: '1ms' },
      /no whole answer within 1ms|503/,
    ],
    [
      'fewer series than expected',
      { query: 'memory_bytes', expect: { min: 4 } },
      /has 3 series, expected are at least 4/,
    ],
    [
      'twins',
      { queries: { memory: 'memory_bytes' }, joinOn: ['namespace'] },
      /queries\.memory: two series have the labels \{namespace="apps"\}/,
    ],
    ['a wrong path', { query: 'up', url: 'nowhere' }, /404; check the path/],
  ];
  for (const [what, { url, ...spec }, message] of failures) {
    it(`fails on ${what}`, async () => {
      const at = url === undefined ? {} : { url: `${prometheus().origin}/${url}` };
      await assert.rejects(run({ ...spec, ...at }, past), { name: 'Error', message });
    });
  }

  it('takes an empty result for an answer where told so', async () => {
    assert.deepEqual((await run({ query: 'memory_bites', onEmpty: 'accept' })).elements, []);
  });

  describe('and the age of samples', () => {
    const old = { query: 'max by (pod) (max_over_time(gone_bytes[6h]))' };

    it('is not seen in an answer, and refused by maxSampleAge', async () => {
      assert.equal((await run(old, past)).elements[0]?.['value'], 7);
      await assert.rejects(run({ ...old, maxSampleAge: '10m' }, past), {
        message: 'maxSampleAge: gone_bytes has no sample of the last 10m0s',
      });
    });

    it('is said with each element where it is known', async () => {
      const { origins } = await run({ ...old, maxSampleAge: '2h' }, past);
      const [origin] = origins;
      const sampled = Date.parse(origin?.sampled ?? '') / 1000;
      assert.ok(sampled <= NOW - HOUR && sampled > NOW - HOUR - 4 * MINUTE, origin?.sampled);
      assert.equal(origin?.evaluated, past.toISOString());
    });

    it('is the oldest of all selectors, whatever their ranges and offsets', async () => {
      const query = 'memory_bytes offset 5h + on(pod) group_left() max_over_time(cpu_cores[5h:1m])';
      const { origins } = await run({ query, maxSampleAge: '10m' }, past);
      assert.equal(origins[0]?.sampled, past.toISOString());
      const more = `(${query}) * on() group_left() count(max_over_time(gone_bytes[6h]))`;
      await assert.rejects(run({ query: more, maxSampleAge: '10m' }, past), /gone_bytes has no sample/);
    });

    it('comes from freshness where that is given', async () => {
      const fresh = { ...old, maxSampleAge: '10m', freshness: 'max(timestamp(memory_bytes))' };
      assert.equal((await run(fresh, past)).origins[0]?.sampled, past.toISOString());
      const stale = {
        ...old,
        maxSampleAge: '10m',
        freshness: 'max(max_over_time(timestamp(gone_bytes)[6h:1m]))',
      };
      await assert.rejects(run(stale, past), /freshness: the newest sample is 1h0m0s old, older than 10m0s/);
    });
  });

  it('gives the same elements from a recording, with ranges and ages too', async () => {
    const spec = { interval: '1h', url: prometheus().origin, query: 'memory_bytes', maxSampleAge: '10m' };
    const ranged = { ...spec, range: { last: '10m', step: '5m' } };
    const context = {
      namespace: 'apps',
      signal: new AbortController().signal,
      log: silentLogger,
      note: () => {},
    };
    const options = { allowLoopback: true, userAgent: 'test', log: silentLogger };
    async function elementsOf(reader: ClosableHttpReader): Promise<Element[][]> {
      const replaying = { ...context, http: reader } as unknown as GenerateContext;
      const elements = [
        await generator.generate(spec, replaying),
        await generator.generate(ranged, replaying),
      ];
      await reader.close();
      return elements;
    }
    const recorded = await elementsOf(createHttpReader({ ...options, record: folder.path }));
    const replayed = await elementsOf(createHttpReader({ ...options, replay: folder.path }));
    assert.deepEqual(replayed, recorded);
    assert.equal(recorded.flat().length, 6);
  });

  it('reads PromQL as this Prometheus does', async () => {
    const differences: string[] = [];
    for (const query of TEXTS) {
      const response = await fetch(`${prometheus().origin}/api/v1/format_query`, {
        method: 'POST',
        body: new URLSearchParams({ query }),
      });
      await response.body?.cancel();
      if (response.ok !== (checkPromql(query) === undefined)) differences.push(query);
    }
    assert.deepEqual(differences, [...ONLY_ASKED, ...ONLY_READ]);
  });
});
