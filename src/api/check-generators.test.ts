import assert from 'node:assert/strict';
import { sampleSchemas, sampleSet } from '../../test/harness/sample-sets.ts';
import type { JsonValue } from '../lib/json.ts';
import { generatorChecks } from './check-generators.ts';
import { readGeneratorSets } from './read-sets.ts';
import { createSetValidator } from './validate-set.ts';

interface Spec {
  readonly endpoint: string;
  readonly label?: string;
}

/** Finds an "!" in the endpoint, and a label that it does not like. */
const generators = [
  { name: 'list' },
  {
    name: 'apiClient',
    check({ endpoint, label }: Spec, isTemplate: (value: JsonValue) => boolean) {
      if (isTemplate(endpoint)) return [];
      const offset = endpoint.indexOf('!');
      return [
        ...(offset < 0 ? [] : [{ path: ['endpoint'], message: 'has an "!"', offset }]),
        ...(label === 'no' ? [{ path: ['label'], message: 'is no' }] : []),
      ];
    },
  },
];
const validate = createSetValidator(sampleSchemas, { checks: generatorChecks(generators) });

function linesOf(generator: string, annotations = ''): string[] {
  const spec = sampleSet(`generators:\n  - ${generator.replaceAll('\n', '\n    ')}`);
  const text = spec.replace('{name: test}', `{name: test${annotations}}`);
  const { errors } = readGeneratorSets(text, 'set.yaml', { validate });
  return errors.flatMap((error) => error.message.split('\n'));
}

const at = (place: string) => [`set.yaml:${place}: spec.generators[0].apiClient.endpoint: has an "!"`];

describe('what generators check of their specs', () => {
  const cases: [string, string, string[]][] = [
    ['nothing wrong', 'apiClient: {interval: 1h, endpoint: http://x}', []],
    ['a plain text', 'apiClient:\n  interval: 1h\n  endpoint: http://x/!y', at('8:28')],
    ['a quoted text', 'apiClient:\n  interval: 1h\n  endpoint: "http:\\/\\/x/!y"', at('8:31')],
    ['a literal block', 'apiClient:\n  interval: 1h\n  endpoint: |\n    http://x\n     y!\n', at('10:13')],
    ['a folded block', 'apiClient:\n  interval: 1h\n  endpoint: >-\n    http://x\n    y!\n', at('10:12')],
    [
      'a field as a whole',
      'apiClient: {interval: 1h, endpoint: http://x, label: "no"}',
      ['set.yaml:6:60: spec.generators[0].apiClient.label: is no'],
    ],
  ];
  for (const [what, generator, expected] of cases) {
    it(`is placed for ${what}`, () => assert.deepEqual(linesOf(generator), expected));
  }

  it('knows templates by the delimiters of the set', () => {
    const own = (delimiters: string) => `, annotations: {generatorset.dev/delimiters: "${delimiters}"}`;
    const generator = 'apiClient: {interval: 1h, endpoint: "http://{{ x }}/<< y >>/!"}';
    assert.deepEqual(linesOf(generator), []);
    assert.deepEqual(linesOf(generator, own('<<,>>')), []);
    assert.equal(linesOf(generator, own('[[,]]')).length, 1);
    assert.deepEqual(linesOf(generator, own('wrong')), []);
  });

  it('waits until the schema finds nothing wrong in the entry', () => {
    const lines = linesOf('apiClient: {interval: 1h, endpoint: http://x/!, retries: 9}');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /retries/);
    assert.match(linesOf('apiClient: {interval: 1h}').join(), /^[^\n]*missing field "endpoint"$/);
  });

  it('goes on where another entry is wrong', () => {
    const entries = ['apiClient: {}', 'apiClient: {interval: 1h, endpoint: http://x/!}'];
    const text = sampleSet(`generators:\n${entries.map((entry) => `  - ${entry}`).join('\n')}`);
    const [error] = readGeneratorSets(text, 'set.yaml', { validate }).errors;
    assert.match(error?.message ?? '', /generators\[0\].*missing field[\s\S]*generators\[1\].*has an "!"/);
  });
});
