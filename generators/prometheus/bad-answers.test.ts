import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HttpAnswer } from '../../src/api/readers.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { answerText, vectorText } from '../../test/harness/prometheus-answers.ts';
import { runPrometheus } from '../../test/harness/prometheus-run.ts';
import { prometheus } from './index.ts';
import type { PrometheusSpec } from './schema.ts';

const PLACE = 'query: POST http://prometheus:9090/api/v1/query: ';

const range = { last: '2m', step: '1m' };
const matrix = (...values: string[]) =>
  answerText('matrix', [{ metric: { pod: 'a' }, values: values.map((value, index) => [60 * index, value]) }]);

const FAILURES: [string, Partial<PrometheusSpec>, Partial<HttpAnswer>, RegExp][] = [
  [
    'an empty result',
    {},
    { body: vectorText([]) },
    /^query: the Prometheus query has an empty result; .*onEmpty: accept$/,
  ],
  [
    'too few series',
    { expect: { min: 2 } },
    { body: vectorText([[{}, '1']]) },
    /^query: the query has 1 series, expected are at least 2$/,
  ],
  [
    'too few series, though none is accepted',
    { onEmpty: 'accept', expect: { min: 1 } },
    { body: vectorText([]) },
    /has 0 series, expected are at least 1/,
  ],
  [
    'too many series',
    { expect: { max: 1 } },
    {
      body: vectorText([
        [{ a: '1' }, '1'],
        [{ a: '2' }, '1'],
      ]),
    },
    /has 2 series, expected are at most 1/,
  ],
  [
    'the same labels twice',
    {},
    {
      body: vectorText([
        [{ a: '1' }, '1'],
        [{ a: '1' }, '2'],
      ]),
    },
    /^two series have the labels \{a="1"\}$/,
  ],
  [
    'a matrix',
    {},
    { body: matrix('1') },
    /gives a range of samples \(a matrix\); set range, or aggregate it/,
  ],
  ['a text', {}, { body: answerText('string', [1, 'canary']) }, /gives a text, not a number/],
  [
    'a vector for a range',
    { range },
    { body: vectorText([[{}, '1']]) },
    /no values over time, though a range/,
  ],
  [
    'a scalar for a range',
    { range },
    { body: answerText('scalar', [1, '1']) },
    /write vector\(\.\.\.\) around it/,
  ],
  ['a result of another server', {}, { body: answerText('streams', []) }, /a result of an unknown type/],
  ['a type like a method', {}, { body: answerText('constructor', []) }, /a result of an unknown type/],
  [
    'a native histogram',
    {},
    { body: answerText('vector', [{ metric: {}, histogram: [1, {}] }]) },
    /native histograms; .*histogram_quantile/,
  ],
  [
    'a range of native histograms',
    { range },
    { body: answerText('matrix', [{ metric: {}, values: [], histograms: [[1, {}]] }]) },
    /native histograms beside numbers/,
  ],
  [
    'an error with status 200',
    {},
    { body: '{"status":"error","errorType":"timeout","error":"canary"}' },
    /status error \(timeout\); run/,
  ],
  [
    'an error of an unknown type',
    {},
    { body: '{"status":"error","errorType":"canary"}' },
    /status error; run/,
  ],
  [
    'a success that carries an error',
    {},
    { body: vectorText([[{}, '1']], { errorType: 'execution' }) },
    /\(execution\)/,
  ],
  [
    'a warning',
    {},
    { body: vectorText([[{}, '1']], { warnings: ['canary'] }) },
    /has a warning: it may be partial; .*onWarnings: accept/,
  ],
  [
    'two warnings',
    {},
    { body: vectorText([[{}, '1']], { warnings: ['canary', 'canary'] }) },
    /has 2 warnings/,
  ],
  [
    'an answer that says it is partial, as VictoriaMetrics does',
    {},
    { body: vectorText([[{}, '1']], { isPartial: true }) },
    /the Prometheus answer is partial \(isPartial\); .*onWarnings: accept/,
  ],
  [
    'a partial answer with an empty result that is accepted',
    { onEmpty: 'accept' },
    { body: vectorText([], { isPartial: true }) },
    /is partial/,
  ],
  [
    'a warning with an empty result that is accepted',
    { onEmpty: 'accept' },
    { body: vectorText([], { warnings: ['canary'] }) },
    /has a warning/,
  ],
  [
    'a login page',
    {},
    { body: '<!DOCTYPE html><title>canary</title>' },
    /not JSON but HTML, such as a login page/,
  ],
  [
    'a page by its type',
    {},
    { body: 'canary', headers: { 'content-type': 'text/html' } },
    /not JSON but HTML/,
  ],
  ['nothing', {}, { body: '' }, /the answer is not JSON/],
  [
    'an answer cut off',
    {},
    { body: vectorText([[{ a: 'canary' }, '1']]).slice(0, -9) },
    /the answer is not JSON/,
  ],
  ['other JSON', {}, { body: '{"items": ["canary"]}' }, /not an answer of Prometheus; check the url/],
  ['a list', {}, { body: '["canary"]' }, /not an answer of Prometheus/],
  [
    'a key that reaches prototypes',
    {},
    {
      body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__proto__":"canary"},"value":[1,"1"]}]}}',
    },
    /"__proto__" is refused/,
  ],
  ['no result', {}, { body: answerText('vector', null) }, /no list data\.result/],
  [
    'a series that is none',
    {},
    { body: answerText('vector', ['canary']) },
    /data\.result\[0\] of .* is not an object/,
  ],
  [
    'a series without labels',
    {},
    { body: answerText('vector', [{ value: [1, '1'] }]) },
    /data\.result\[0\] of .* no object metric/,
  ],
  [
    'a label that is no text',
    {},
    { body: answerText('vector', [{ metric: { a: 1 }, value: [1, '1'] }]) },
    /a label that is no text/,
  ],
  [
    'a value that is no text',
    {},
    { body: answerText('vector', [{ metric: {}, value: [1, 300] }]) },
    /data\.result\[0\] of .* is not a sample/,
  ],
  [
    'a value that is no number',
    {},
    { body: vectorText([[{}, 'canary']]) },
    /data\.result\[0\] of .* is not a number/,
  ],
  ['a number beyond all floats', {}, { body: vectorText([[{}, '1e400']]) }, /is not a number/],
  ['a hexadecimal number', {}, { body: vectorText([[{}, '0x10']]) }, /is not a number/],
  [
    'a time that is a text',
    {},
    { body: answerText('vector', [{ metric: {}, value: ['1', '1'] }]) },
    /is not a sample/,
  ],
  [
    'a time that no date has',
    {},
    { body: answerText('vector', [{ metric: {}, value: [1e300, '1'] }]) },
    /is not a sample/,
  ],
  [
    'a range without values',
    { range },
    { body: answerText('matrix', [{ metric: {}, values: [] }]) },
    /no list of values/,
  ],
  [
    'a sample in a range that is none',
    { range },
    { body: answerText('matrix', [{ metric: {}, values: [[1, '1'], [2]] }]) },
    /values\[1\] of .* is not a sample/,
  ],
  [
    'a bad query',
    {},
    { status: 400, body: '{"status":"error","errorType":"bad_data","error":"canary"}' },
    /the server answered 400 \(bad_data\); run the query by hand/,
  ],
  [
    'a query that cannot be executed',
    {},
    { status: 422, body: '{"errorType":"execution","error":"canary"}' },
    /422 \(execution\); run/,
  ],
  ['an error type of its own', {}, { status: 422, body: '{"errorType":"canary"}' }, /answered 422; run/],
  [
    'no credentials',
    {},
    { status: 401, body: 'canary' },
    /401; it wants a right token, or username and password/,
  ],
  ['wrong credentials', {}, { status: 403, body: 'canary' }, /403; the credentials of secretRef/],
  ['a wrong path', {}, { status: 404, body: 'canary' }, /404; check the path of the url/],
  ['a server that knows no POST', {}, { status: 405, body: 'canary' }, /405; check the path/],
  ['overload', {}, { status: 503, body: '{"errorType":"unavailable"}' }, /503 \(unavailable\)$/],
  [
    'a redirect that leads nowhere',
    {},
    { status: 302, body: vectorText([[{}, '1']]) },
    /the server answered 302$/,
  ],
];

describe('prometheus, given a bad answer', () => {
  for (const [what, spec, answer, message] of FAILURES) {
    it(`fails on ${what}, and shows nothing of the answer`, async () => {
      await assert.rejects(runPrometheus(spec, answer), (error: Error) => {
        assert.equal(error.name, 'Error');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }

  it('fails when the answers to all queries are too much to be kept', async () => {
    const body = vectorText(Array.from({ length: 20_000 }, (_, n) => [{ pod: `canary-${n}` }, '1']));
    const queries = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`q${n}`, 'up']));
    const { context } = makeContext({ body });
    const spec = { interval: '1h', url: 'http://prometheus:9090', queries, joinOn: ['pod'] };
    await assert.rejects(prometheus.generate(spec, context), {
      message: /^queries\.q\d+: the series of all queries are too many to be kept$/,
    });
  });

  it('gives numbers or fails, whatever the answer holds', async () => {
    const value = fc.oneof(fc.constantFrom('1', 'NaN', '+Inf', '-1e3', '0x1', '', '1e999'), fc.jsonValue());
    const sample = fc.oneof(fc.tuple(fc.double({ noNaN: true }), value), fc.jsonValue());
    const metric = fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue());
    const series = fc.oneof(
      fc.record({ metric, value: sample }),
      fc.record({ metric, values: fc.array(sample) }),
    );
    const type = fc.constantFrom('vector', 'matrix', 'scalar', 'string', 'toString');
    const result = fc.oneof(fc.array(series), sample, fc.jsonValue());
    const property = fc.asyncProperty(type, result, fc.boolean(), async (resultType, data, ranged) => {
      const body = answerText(resultType, data as JsonValue);
      const given = await runPrometheus(ranged ? { range } : {}, { body }).catch((error: Error) => error);
      if (given instanceof Error) return assert.match(given.message, /^(?:query: |two series)/);
      for (const element of given.elements) {
        const numbers = [element['value'] ?? 0, ...((element['values'] ?? []) as JsonValue[])];
        assert.ok(numbers.every((number) => typeof number === 'bigint' || Number.isFinite(number)));
        assert.ok(Object.values(element['metric'] as object).every((label) => typeof label === 'string'));
      }
    });
    await fc.assert(property, { numRuns: 500 });
  });

  it('names field and place of an answer that is wrong', async () => {
    await assert.rejects(runPrometheus({}, { body: '[]' }), (error: Error) =>
      error.message.startsWith(PLACE),
    );
  });
});
