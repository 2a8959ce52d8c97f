import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readSample, sampleSchemas, sampleSet, validateSample } from '../../test/harness/sample-sets.ts';
import type { JsonObject } from '../lib/json.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { ErrorList, StalledError } from './errors.ts';
import { readGeneratorSets } from './read-sets.ts';
import { createSetValidator } from './validate-set.ts';
import { createYamlSource } from './yaml-source.ts';

describe('createSetValidator', () => {
  it('fills in the defaults', () => {
    const { sets, lines } = readSample(sampleSet('target: {git: {url: https://a/b}}'));
    assert.deepEqual(lines, []);
    assert.deepEqual(sets[0]?.set, {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: { name: 'test', namespace: 'flux-system' },
      spec: {
        suspend: false,
        deletionPolicy: 'Prune',
        numbers: 'exact',
        dialect: 'go',
        allowNonDeterministic: false,
        generators: [{ list: { elements: [] } }],
        templates: [{ text: 'x' }],
        guard: { onEmpty: 'hold', maxPrune: '20%' },
        target: { git: { url: 'https://a/b', branch: 'main', path: '.' } },
      },
    });
  });

  it('gives sets without a namespace the one that it is told', () => {
    const validate = createSetValidator(sampleSchemas, { namespace: 'tenant' });
    const text = `${sampleSet('suspend: true')}---\n${sampleSet('suspend: true').replace('test', 'test, namespace: own')}`;
    const { sets } = readGeneratorSets(text, 'set.yaml', { validate });
    assert.deepEqual(
      sets.map(({ set }) => set.metadata.namespace),
      ['tenant', 'own'],
    );
  });

  it('fills in the defaults of generators and of half a guard', () => {
    const text = 'generators: [{apiClient: {interval: 5m, endpoint: http://a}}]\nguard: {maxPrune: 3}';
    const set = readSample(sampleSet(text)).sets[0]?.set;
    assert.deepEqual(set?.spec.generators, [
      { apiClient: { interval: '5m', endpoint: 'http://a', method: 'GET' } },
    ]);
    assert.deepEqual(set?.spec.guard, { onEmpty: 'hold', maxPrune: 3 });
  });

  it('leaves the branch to the source', () => {
    const { sets } = readSample(sampleSet('target: {git: {sourceRef: {kind: GitRepository, name: a}}}'));
    assert.equal(sets[0]?.set.spec.target?.git?.branch, undefined);
  });

  const folders = [
    ['./', '.'],
    ['.', '.'],
    ['./apps', 'apps'],
    ['apps/', 'apps'],
    ['./apps/a//', 'apps/a'],
    ['apps', 'apps'],
  ];
  for (const [written, folder] of folders) {
    it(`takes the folder ${written} for ${folder}`, () => {
      const { sets } = readSample(sampleSet(`target: {git: {url: https://a/b, path: ${written}}}`));
      assert.equal(sets[0]?.set.spec.target?.git?.path, folder);
    });
  }

  it('takes the shortest and the longest interval', () => {
    assert.deepEqual(readSample(sampleSet('interval: 5s')).lines, []);
    assert.deepEqual(readSample(sampleSet('interval: 8760h')).lines, []);
  });

  it('takes what kubectl prints', () => {
    const text = sampleSet('interval: 5m').replace(
      'metadata: {name: test}',
      'metadata: {name: test, namespace: a, uid: u, resourceVersion: "5", generation: 2, creationTimestamp: null, ' +
        'managedFields: [{manager: kubectl}], finalizers: [a/b], ownerReferences: [], labels: {a/b: c}}\n' +
        'status: {conditions: [{type: Ready}], observedGeneration: 2}',
    );
    assert.deepEqual(readSample(text).lines, []);
  });

  it('leaves what it validates as it is', () => {
    const text = sampleSet('guard: {}');
    const [yaml] = parseYamlDocuments(text);
    assert.ok(yaml);
    const before = structuredClone(yaml.value);
    validateSample(yaml.value as JsonObject, createYamlSource('set.yaml', text, { yaml }));
    assert.deepEqual(yaml.value, before);
  });

  it('stalls, with one error for each mistake', () => {
    const text = sampleSet('interval: 1\nnumbers: 1');
    const [yaml] = parseYamlDocuments(text);
    assert.ok(yaml);
    const source = createYamlSource('set.yaml', text, { yaml });
    assert.throws(
      () => validateSample(yaml.value as JsonObject, source),
      (error: unknown) => {
        assert.ok(error instanceof ErrorList && error instanceof StalledError);
        assert.equal(error.reason, 'ValidationFailed');
        assert.equal(error.errors.length, 2);
        return true;
      },
    );
  });

  it('accepts or explains whatever it is given', () => {
    const keys = fc.constantFrom(
      'list',
      'apiClient',
      'gitDirectory',
      'elements',
      'exclude',
      'ref',
      'name',
      'content',
      'x',
    );
    const spec = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(keys, tie('value'), { maxKeys: 3 }),
    }));
    const specs = fc.record(
      {
        generators: spec.list,
        templates: spec.list,
        guard: spec.value,
        target: spec.value,
        interval: spec.value,
      },
      { requiredKeys: [] },
    );
    const object = { apiVersion: 'generatorset.dev/v1alpha1', kind: 'GeneratorSet', metadata: { name: 'a' } };
    fc.assert(
      fc.property(specs, (value) => {
        const { sets, lines } = readSample(JSON.stringify({ ...object, spec: value }));
        assert.equal(sets.length, lines.length === 0 ? 1 : 0);
        for (const line of lines) assert.match(line, /^set.yaml:\d+:\d+: /);
        assert.ok(!lines.some((line) => line.includes('is no valid')), lines.join('\n'));
      }),
      { numRuns: 500 },
    );
  });

  it('bounds its message, whatever it is given', () => {
    const fields = Array.from({ length: 2000 }, (_, index) => `"${'x'.repeat(500)}${index}": 1`).join('\n');
    const { lines } = readSample(sampleSet(fields));
    assert.equal(lines.length, 51);
    assert.equal(lines.at(-1), 'set.yaml: and 1950 more');
    assert.ok(lines.every((line) => line.length < 300));
  });

  const floods: { name: string; spec: string; first: RegExp }[] = [
    {
      name: 'unknown fields',
      spec: Array.from({ length: 20_000 }, (_, index) => `unknown${index}: 1`).join('\n'),
      first: /^set.yaml:5:3: spec: unknown field "unknown0"/,
    },
    {
      name: 'entries without a generator',
      spec: `generators:\n${'- {}\n'.repeat(20_000)}`,
      first: /^set.yaml:\d+:\d+: spec.generators/,
    },
    {
      name: 'templates of the wrong type',
      spec: `templates:\n${'- 1\n'.repeat(20_000)}`,
      first: /^set.yaml:\d+:\d+: spec.templates/,
    },
  ];
  for (const { name, spec, first } of floods) {
    it(`explains the first of 20,000 ${name} and counts the others`, () => {
      const { lines } = readSample(sampleSet(spec));
      assert.equal(lines.length, 51);
      assert.ok(
        lines.some((line) => first.test(line)),
        lines[0],
      );
      assert.match(lines.at(-1) ?? '', /^set.yaml: and \d{5} more$/);
    });
  }

  it('escapes control characters of unknown fields', () => {
    const { lines } = readSample(sampleSet('"a\\e[31m\\n": 1'));
    assert.match(lines[0] ?? '', /^set.yaml:5:3: spec: unknown field "a\\u001b\[31m\\n"; known fields/);
  });

  for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
    it(`takes ${key} for an unknown field like any other`, () => {
      assert.match(readSample(sampleSet(`${key}: 1`)).lines[0] ?? '', new RegExp(`unknown field "${key}"`));
      const entry = readSample(sampleSet(`generators: [{${key}: {}}]`));
      assert.match(entry.lines[0] ?? '', new RegExp(`unknown field "${key}"`));
    });
  }
});
