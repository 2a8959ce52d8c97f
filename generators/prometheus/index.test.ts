import assert from 'node:assert/strict';
import { answerText, EVALUATED, vectorText } from '../../test/harness/prometheus-answers.ts';
import { PROMETHEUS_SPEC, runPrometheus } from '../../test/harness/prometheus-run.ts';
import { prometheus } from './index.ts';
import type { PrometheusSpec } from './schema.ts';

const EVALUATED_TEXT = '2023-06-28T11:07:35.230Z';

const range = { last: '2m', step: '1m' };
const matrix = (...values: string[]) =>
  answerText('matrix', [{ metric: { pod: 'a' }, values: values.map((value, index) => [60 * index, value]) }]);

const ELEMENTS: [string, Partial<PrometheusSpec>, string, unknown[]][] = [
  [
    'a vector, sorted by labels',
    {},
    vectorText([
      [{ pod: 'b', __name__: 'up' }, '1'],
      [{ __name__: 'up', pod: 'a' }, '2.5'],
    ]),
    [
      { metric: { __name__: 'up', pod: 'a' }, value: 2.5, timestamp: EVALUATED },
      { metric: { __name__: 'up', pod: 'b' }, value: 1, timestamp: EVALUATED },
    ],
  ],
  ['a series without labels', {}, vectorText([[{}, '7']]), [{ metric: {}, value: 7, timestamp: EVALUATED }]],
  ['a scalar', {}, answerText('scalar', [5, '3']), [{ metric: {}, value: 3, timestamp: 5 }]],
  [
    'a number with an exponent',
    {},
    vectorText([[{}, '1.48148e+06']]),
    [{ metric: {}, value: 1481480, timestamp: EVALUATED }],
  ],
  [
    'every digit',
    {},
    vectorText([[{}, '9007199254740993']]),
    [{ metric: {}, value: 9007199254740993n, timestamp: EVALUATED }],
  ],
  ['a zero without a sign', {}, vectorText([[{}, '-0']]), [{ metric: {}, value: 0, timestamp: EVALUATED }]],
  [
    'a label that is called like a method',
    {},
    vectorText([[{ constructor: 'a' } as never, '1']]),
    [{ metric: { constructor: 'a' }, value: 1, timestamp: EVALUATED }],
  ],
  [
    'no value for NaN and the infinite',
    {},
    vectorText([
      [{ p: '1' }, 'NaN'],
      [{ p: '2' }, '+Inf'],
      [{ p: '3' }, '-Inf'],
      [{ p: '4' }, '4'],
    ]),
    [
      { metric: { p: '1' }, timestamp: EVALUATED },
      { metric: { p: '2' }, timestamp: EVALUATED },
      { metric: { p: '3' }, timestamp: EVALUATED },
      { metric: { p: '4' }, value: 4, timestamp: EVALUATED },
    ],
  ],
  ['nothing, where that is accepted', { onEmpty: 'accept' }, vectorText([]), []],
  [
    'an answer with notes',
    {},
    vectorText([[{}, '1']], { infos: ['canary'] }),
    [{ metric: {}, value: 1, timestamp: EVALUATED }],
  ],
  [
    'values over time',
    { range },
    matrix('1', '2', '3'),
    [{ metric: { pod: 'a' }, value: 3, values: [1, 2, 3], timestamp: 120 }],
  ],
  [
    'no values over time with one that is NaN',
    { range },
    matrix('1', 'NaN', '3'),
    [{ metric: { pod: 'a' }, timestamp: 120 }],
  ],
];

describe('prometheus', () => {
  for (const [what, spec, body, expected] of ELEMENTS) {
    it(`gives ${what}`, async () =>
      assert.deepEqual((await runPrometheus(spec, { body })).elements, expected));
  }

  it('says of each element its key and when it was evaluated', async () => {
    const { origins } = await runPrometheus(
      {},
      {
        body: vectorText([
          [{ pod: 'a', job: 'b' }, '1'],
          [{ pod: 'b' }, 'NaN'],
        ]),
      },
    );
    assert.deepEqual(origins, [
      { key: '{job="b",pod="a"}', evaluated: EVALUATED_TEXT },
      { key: '{pod="b"}', evaluated: EVALUATED_TEXT },
    ]);
  });

  it('warns of values that are no numbers, and of warnings that are accepted', async () => {
    const body = vectorText(
      [
        [{ a: 'canary' }, 'NaN'],
        [{ a: '2' }, '1'],
      ],
      { warnings: ['canary'] },
    );
    const { warnings } = await runPrometheus({ onWarnings: 'accept' }, { body });
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /^query: POST .*has a warning/);
    assert.equal(
      warnings[1],
      'query: 1 of 2 series have a value that is NaN or infinite; their elements have no value',
    );
  });

  it('takes a partial answer that is accepted, with a warning, and one that is whole without', async () => {
    const partial = { body: vectorText([[{ a: '1' }, '1']], { isPartial: true }) };
    const accepted = await runPrometheus({ onWarnings: 'accept' }, partial);
    assert.equal(accepted.warnings.length, 1);
    assert.match(accepted.warnings[0] ?? '', /^query: POST .* is partial \(isPartial\)/);
    assert.equal(accepted.origins.length, 1);
    const whole = await runPrometheus({}, { body: vectorText([[{ a: '1' }, '1']], { isPartial: false }) });
    assert.deepEqual(whole.warnings, []);
  });

  it('is asked at its interval, and shows its PromQL', () => {
    assert.equal(prometheus.interval?.(PROMETHEUS_SPEC as PrometheusSpec), 24 * 3_600_000);
    assert.equal(prometheus.query?.({ ...PROMETHEUS_SPEC, query: ' up \n' } as PrometheusSpec), 'up');
    const queries = { memory: 'a', cpu: 'b' };
    assert.equal(prometheus.query?.({ interval: '1h', url: 'http://p', queries }), 'memory: a; cpu: b');
  });
});
