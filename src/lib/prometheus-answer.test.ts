import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from './json.ts';
import { parseJson } from './json.ts';
import {
  checkPrometheusAnswer,
  describeErrorType,
  isPartialAnswer,
  isPrometheusAnswer,
} from './prometheus-answer.ts';

function answer(resultType: string, result: JsonValue): JsonValue {
  return { status: 'success', data: { resultType, result } };
}

function vector(...values: string[]): JsonValue {
  return answer(
    'vector',
    values.map((value) => ({ metric: {}, value: [1687950455.23, value] })),
  );
}

const ACCEPTED: [string, JsonValue][] = [
  ['a vector', vector('300')],
  ['many samples', vector('0', '-1.5', '1e3', '1.48148e+06', '.5', '9007199254740993')],
  [
    'a matrix',
    answer('matrix', [
      {
        metric: {},
        values: [
          [1, '2'],
          [2, '3'],
        ],
      },
    ]),
  ],
  ['a scalar', answer('scalar', [1, '2'])],
  ['a string', answer('string', [1, 'NaN'])],
  ['a native histogram', answer('vector', [{ metric: {}, histogram: [1, {}] }])],
  ['a range of native histograms', answer('matrix', [{ metric: {}, histograms: [[1, {}]] }])],
  ['a result of another kind, as Loki gives', answer('streams', [{ stream: {}, values: [['1', 'line']] }])],
  ['other JSON', [{ status: 'error' }]],
  ['an object with a status of its own', { status: 'error', message: 'x' }],
  ['an object with status and other data', { status: 'ok', data: { items: [] } }],
  ['null', null],
];

const REFUSED: [string, JsonValue, RegExp][] = [
  ['an error', { status: 'error', errorType: 'bad_data', error: 'canary' }, /status error \(bad_data\)/],
  ['an error of unknown type', { status: 'error', errorType: 'canary' }, /status error;/],
  ['a success that carries an error', { status: 'success', errorType: 'timeout' }, /\(timeout\)/],
  ['an unknown status', { status: 'partial', data: { resultType: 'vector', result: [] } }, /status error/],
  ['an empty vector', answer('vector', []), /empty result; .*onEmpty: accept/],
  ['an empty matrix', answer('matrix', []), /empty result/],
  ['an empty result of another kind', answer('streams', []), /empty result/],
  ['no result', answer('vector', null), /no list data\.result/],
  ['NaN', vector('1', 'NaN'), /data\.result\[1\]\.value of the Prometheus answer is NaN/],
  ['+Inf', vector('+Inf'), /data\.result\[0\]\.value .* is \+Inf, not a finite number/],
  ['-Inf', vector('-Inf'), /is -Inf/],
  [
    'NaN in a range',
    answer('matrix', [
      {
        metric: {},
        values: [
          [1, '2'],
          [2, 'NaN'],
        ],
      },
    ]),
    /data\.result\[0\]\.values\[1\]/,
  ],
  ['NaN in a scalar', answer('scalar', [1, 'NaN']), /data\.result of the Prometheus answer is NaN/],
  ['a number too large for any float', vector('1e400'), /not a finite number/],
  ['an empty text', vector(''), /not a finite number/],
  ['a text', vector('canary'), /data\.result\[0\]\.value .* not a finite number/],
  ['a hexadecimal number', vector('0x10'), /not a finite number/],
  ['a number with spaces', vector(' 1 '), /not a finite number/],
  ['a sample of another form', answer('vector', [{ metric: {}, value: 300 }]), /is not a sample/],
  ['a bare number as value', answer('vector', [{ metric: {}, value: [1, 300] }]), /is not a sample/],
  ['a series that is no object', answer('vector', ['canary']), /data\.result\[0\] .* not an object/],
  ['a series without values', answer('matrix', [{ metric: {} }]), /no list of values/],
];

describe('checkPrometheusAnswer', () => {
  for (const [what, body] of ACCEPTED) {
    it(`lets ${what} pass`, () => checkPrometheusAnswer(body, { onEmpty: 'fail' }));
  }

  for (const [what, body, message] of REFUSED) {
    it(`refuses ${what}, without repeating the answer`, () => {
      assert.throws(
        () => checkPrometheusAnswer(body, { onEmpty: 'fail' }),
        (error: Error) => {
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /canary/);
          return true;
        },
      );
    });
  }

  it('accepts an empty result when told to, and still no sample that is not finite', () => {
    checkPrometheusAnswer(answer('vector', []), { onEmpty: 'accept' });
    assert.throws(() => checkPrometheusAnswer(vector('NaN'), { onEmpty: 'accept' }), /NaN/);
    assert.throws(() =>
      checkPrometheusAnswer({ status: 'error', errorType: 'timeout' }, { onEmpty: 'accept' }),
    );
  });

  it('accepts every finite number as Prometheus prints it', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, (value) => checkPrometheusAnswer(vector(String(value)), { onEmpty: 'fail' })),
    );
  });

  it('does not see inherited properties', () => {
    assert.equal(isPrometheusAnswer(Object.create({ status: 'success', errorType: 'x' })), false);
    assert.equal(isPrometheusAnswer(parseJson('{"constructor": {"resultType": 1}, "status": "x"}')), false);
  });
});

describe('isPartialAnswer', () => {
  const good = { status: 'success', data: { resultType: 'vector', result: [] } };
  const cases: [what: string, body: JsonValue, expected: boolean][] = [
    ['an answer that says so', { ...good, isPartial: true }, true],
    ['an answer that says it is whole', { ...good, isPartial: false }, false],
    ['an answer that does not say', good, false],
    ['another API', { status: 'ok', isPartial: true }, false],
  ];
  for (const [what, body, expected] of cases) {
    it(`is ${expected} for ${what}`, () => assert.equal(isPartialAnswer(body), expected));
  }
});

describe('describeErrorType', () => {
  it('names known types only', () => {
    assert.equal(describeErrorType({ errorType: 'bad_data' }), ' (bad_data)');
    assert.equal(describeErrorType({ errorType: 'canary' }), '');
    assert.equal(describeErrorType('canary'), '');
  });
});
