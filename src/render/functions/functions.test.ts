import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fixedAmbient } from '../../../test/harness/ambient.ts';
import { processorTime } from '../../../test/harness/processor-time.ts';
import { evaluateCase } from '../evaluate-case.ts';
import { functionsOf } from './profiles.ts';
import { parseSignature } from './signature.ts';

/** Functions that take their time on purpose; they have tests of their own. */
const COSTLY = /^gen|bcrypt|htpasswd|derivePassword/;

describe('a signature', () => {
  it('has fixed parameters, a rest and a result', () => {
    assert.deepEqual(parseSignature('(int, ...any) -> string'), {
      params: ['int'],
      rest: 'any',
      result: 'string',
    });
    assert.deepEqual(parseSignature('() -> any'), { params: [], rest: undefined, result: 'any' });
  });

  it('must be well formed', () => {
    for (const text of ['', '(int)', '(nope) -> any', '(...any, int) -> any', '(int) -> nope']) {
      assert.throws(() => parseSignature(text), /bad (signature|type)/, text);
    }
  });
});

describe('every function', () => {
  const defs = [...functionsOf('generatorset', 'exact').values()];
  const argument = fc.constantFrom(
    '1',
    '-1',
    '"a"',
    '"(("',
    '""',
    'nil',
    '1.5',
    'true',
    '(list 1 "a" nil)',
    '(dict "a" 1)',
    '.missing',
    '.nul',
    '.n',
    '100000000000',
    '(repeat 2000 "ab ")',
  );

  it('has its own name once and a signature', () => {
    assert.ok(defs.length > 150, `${defs.length} functions`);
    assert.equal(new Set(defs.map((def) => def.name)).size, defs.length);
  });

  it('answers any arguments with text or an error of the template', () => {
    const quick = defs.filter(({ name }) => !COSTLY.test(name));
    const call = fc.constantFrom(...quick).chain((def) => {
      const { params, rest } = def.signature;
      const most = params.length + (rest === undefined ? 0 : 2);
      return fc
        .array(argument, { minLength: params.length, maxLength: most })
        .map((args) => [def.name, ...args].join(' '));
    });
    fc.assert(
      fc.property(call, (text) => {
        const start = processorTime();
        const line = JSON.stringify({
          template: `{{ ${text} }}`,
          data: { nul: null, n: 3 },
          funcs: 'generatorset',
          numbers: 'exact',
          allowNonDeterministic: true,
        });
        const { output, error, phase } = JSON.parse(evaluateCase(line, fixedAmbient('any')));
        assert.ok(processorTime() - start < 1000, text);
        if (output === undefined) assert.equal(phase, 'exec', `${text}: ${error}`);
        assert.doesNotMatch(error ?? '', /is not a function|Cannot read|undefined \(reading/, text);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('trim', () => {
  it('takes no longer for long runs of spaces in the middle', () => {
    const text = `x${' \u3000'.repeat(500_000)}x`;
    const line = JSON.stringify({ template: '{{ trim .text }}', data: { text: `\n${text}\u2028` } });
    assert.equal(JSON.parse(evaluateCase(line)).output, text);
  });

  it('takes away what is white space to Go', () => {
    const spaces = '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000';
    const line = JSON.stringify({ template: '{{ trim .text }}', data: { text: `${spaces}\ufeff${spaces}` } });
    assert.equal(JSON.parse(evaluateCase(line)).output, '\ufeff');
  });
});
