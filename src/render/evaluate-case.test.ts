import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fixedAmbient } from '../../test/harness/ambient.ts';
import { evaluateCase } from './evaluate-case.ts';

function evaluate(input: unknown): Record<string, unknown> {
  return JSON.parse(evaluateCase(JSON.stringify(input)));
}

describe('a case that nests', () => {
  const nested = (levels: number, open: string, close: string) =>
    `{"id":7,"template":"{{ len . }}","data":${open.repeat(levels)}${close.repeat(levels)}}`;

  it('is read down to 1,000 levels', () => {
    assert.deepEqual(JSON.parse(evaluateCase(nested(999, '[', ']'))), { id: 7, output: '1' });
  });

  for (const levels of [1000, 100_000]) {
    it(`in ${levels} more is refused with a sentence`, () => {
      const expected = { error: 'the case nests deeper than 1000 levels', phase: 'parse' };
      assert.deepEqual(JSON.parse(evaluateCase(nested(levels, '[', ']'))), expected);
      assert.deepEqual(JSON.parse(evaluateCase(nested(levels, '{"a":', '}'))), expected);
    });
  }
});

describe('evaluateCase', () => {
  const cases: [string, object, object][] = [
    ['renders', { id: 'a', template: '{{ .x }}', data: { x: 'y' } }, { id: 'a', output: 'y' }],
    ['uses Go numbers', { id: 1, template: '{{ .x }}', data: { x: 1000000 } }, { id: 1, output: '1e+06' }],
    [
      'can use exact numbers',
      { id: 1, template: '{{ .x }}', data: { x: 1e6 }, numbers: 'exact' },
      { id: 1, output: '1000000' },
    ],
    [
      'can use int64',
      { id: 1, template: '{{ printf "%T" .x }}', data: { x: 3 }, numbers: 'int64' },
      { id: 1, output: 'int64' },
    ],
    [
      'knows Go ints',
      { id: 1, template: '{{ printf "%T" .x }}', data: { x: { $int: 3 } } },
      { id: 1, output: 'int' },
    ],
    ['has no value for a missing key', { template: '{{ .x }}', data: {} }, { output: '<no value>' }],
    ['can refuse a missing key', { template: '{{ .x }}', data: {}, missingkey: 'error' }, { phase: 'exec' }],
    ['names the template', { template: '{{ .x.y }}', data: { x: 1 }, name: 'n' }, { phase: 'exec' }],
    ['takes delimiters', { template: '<<.>>', data: 1, delims: ['<<', '>>'] }, { output: '1' }],
    [
      'renders content to objects',
      { content: { a: '{{ .x }}', n: 3, 'k-{{ .x }}': ['x-{{ .y }}'] }, data: { x: 'q: 1', y: 'k' } },
      { objects: [{ a: 'q: 1', n: 3, 'k-q: 1': ['x-k'] }] },
    ],
    ['tells parse errors of content', { content: { a: '{{' } }, { phase: 'parse' }],
    ['tells errors of content', { content: { a: '{{ .x.y }}' }, data: { x: 1 } }, { phase: 'exec' }],
    ['refuses a content that is no object', { content: [] }, { phase: 'parse' }],
    ['keeps the usual delimiters with one alone', { template: '{{1}}', delims: ['<<'] }, { output: '1' }],
    [
      'takes the words of Go',
      { template: '{{ .x }}{{ .y }}', data: { x: 1e6 }, numbers: 'float64', missingkey: 'invalid' },
      { output: '1e+06<no value>' },
    ],
    ['tells parse errors', { id: [1], template: '{{' }, { id: [1], phase: 'parse' }],
    ['needs no data', { template: '{{ . }}' }, { output: '<no value>' }],
    ['refuses an unknown option', { template: '', numbers: 'roman' }, { phase: 'parse' }],
    [
      'has the functions that are asked for',
      { template: '{{ upper "a" }}', funcs: 'none' },
      { phase: 'parse' },
    ],
    ['mends halves of characters', { template: '{{ . }}', data: '\ud800' }, { output: '\ufffd' }],
  ];
  for (const [name, input, expected] of cases) {
    it(name, () => {
      const { error, ...answer } = evaluate(input);
      assert.deepEqual(answer, expected, String(error));
    });
  }

  const permissions: { kase: object; output?: string; error?: RegExp }[] = [
    { kase: { funcs: 'sprig' }, output: '7' },
    { kase: { funcs: 'gitopssets' }, output: '7' },
    { kase: { funcs: 'generatorset' }, error: /randInt gives another value at every render/ },
    { kase: { funcs: 'generatorset', allowNonDeterministic: true }, output: '7' },
  ];
  for (const { kase, output, error } of permissions) {
    it(`${output === undefined ? 'refuses' : 'allows'} random values under ${JSON.stringify(kase)}`, () => {
      const line = JSON.stringify({ template: '{{ randInt 7 8 }}', ...kase });
      const answer = JSON.parse(evaluateCase(line, fixedAmbient()));
      assert.equal(answer.output, output);
      assert.match(answer.error ?? '', error ?? /^$/);
    });
  }

  it('has no randomness of its own', () => {
    const { phase, error } = JSON.parse(evaluateCase('{"template":"{{ uuidv4 }}"}'));
    assert.equal(phase, 'exec');
    assert.match(error, /there is no clock and no randomness here/);
  });

  it('keeps every digit of an id', () => {
    const answer = evaluateCase('{"id":12345678901234567890,"template":"x"}');
    assert.equal(answer, '{"id":12345678901234567890,"output":"x"}');
  });

  it('answers any line with one line of JSON and never throws', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.anything().map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(line, (text) => {
        const answer = evaluateCase(text);
        assert.doesNotMatch(answer, /\n/);
        const { output, error, phase } = JSON.parse(answer);
        if (output === undefined) assert.deepEqual([typeof error, typeof phase], ['string', 'string']);
      }),
    );
  });

  it('says of a line that is no JSON that it cannot be parsed', () => {
    for (const text of ['', '{', '[]', 'null', '"x"', '{"template":1}', '{"template":"","delims":[1]}']) {
      assert.equal(JSON.parse(evaluateCase(text)).phase, 'parse', text);
    }
  });
});
