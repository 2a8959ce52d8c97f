import assert from 'node:assert/strict';
import { generators } from '../../generators/index.ts';
import { generatorSetSchema } from './generatorset-schema.ts';
import { readGeneratorSets } from './read-sets.ts';
import { createSetValidator } from './validate-set.ts';

const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
const validate = createSetValidator(schemas);

/** Everything that a GitOpsSet may say of each of its generators. */
const WHOLE: Readonly<Record<string, object>> = {
  list: { elements: [{ a: 1 }] },
  pullRequests: {
    interval: '5m',
    driver: 'bitbucketserver',
    serverURL: 'https://scm.example.com',
    repo: 'a/b',
    secretRef: { name: 'a' },
    labels: ['deploy'],
    forks: false,
  },
  gitRepository: {
    repositoryRef: 'a',
    files: [{ path: 'a.yaml' }],
    directories: [{ path: 'a/*', exclude: false }],
  },
  ociRepository: {
    repositoryRef: 'a',
    files: [{ path: 'a.yaml' }],
    directories: [{ path: 'a/*', exclude: true }],
  },
  apiClient: {
    interval: '5m',
    endpoint: 'https://api.example.com/',
    method: 'POST',
    jsonPath: '{.items}',
    headersRef: { kind: 'Secret', name: 'a' },
    body: { a: [1] },
    singleElement: true,
    secretRef: { name: 'a' },
  },
  cluster: {
    selector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
  },
  imagePolicy: { policyRef: 'a' },
  config: { kind: 'ConfigMap', name: 'a' },
};

/** The lines of what is wrong with an entry, of a GitOpsSet or of another kind. */
function linesOf(entry: object, kind = 'GitOpsSet'): string[] {
  const group = kind === 'GitOpsSet' ? 'sets.gitops.pro' : 'generatorset.dev';
  const spec = { generators: [entry], templates: [{ content: { apiVersion: 'v1', kind: 'ConfigMap' } }] };
  const set = { apiVersion: `${group}/v1alpha1`, kind, metadata: { name: 'a' }, spec };
  const { errors } = readGeneratorSets(JSON.stringify(set), 'set.yaml', { validate });
  return errors.flatMap(({ message }) =>
    message.split('\n').map((line) => line.replace(/^set\.yaml:\d+:\d+: spec\./, '')),
  );
}

describe('the generators of a GitOpsSet', () => {
  for (const [name, spec] of Object.entries(WHOLE)) {
    it(`may say all of ${name}, alone and in a matrix`, () => {
      assert.deepEqual(linesOf({ [name]: spec }), []);
      const children = [{ list: { elements: [{}] } }, { name: 'x', [name]: spec }];
      assert.deepEqual(linesOf({ matrix: { generators: children, singleElement: true } }), []);
    });

    it(`have no field of ${name} beyond these, which a GeneratorSet may have`, () => {
      const { properties } = schemas[name] as { properties?: object };
      const more = Object.keys(properties ?? {}).filter((field) => !Object.hasOwn(spec, field));
      for (const field of more) {
        const [line = ''] = linesOf({ [name]: { ...spec, [field]: null } });
        assert.ok(
          line.startsWith(`generators[0].${name}: a GitOpsSet has no field "${field}" here; its field`),
          line,
        );
        assert.match(line, /\(GeneratorSet of generatorset\.dev\/v1alpha1 has more\)$/);
      }
    });
  }

  it('are all that are both there and here', () => {
    const { spec } = (generatorSetSchema(schemas) as unknown as { properties: { spec: object } }).properties;
    assert.ok(JSON.stringify(spec).includes('"prometheus"'));
    const only = generators.map(({ name }) => name).filter((name) => name !== 'matrix' && !WHOLE[name]);
    assert.deepEqual(only, ['prometheus', 'gitDirectory', 'object', 'merge']);
    for (const name of only) {
      const [line = ''] = linesOf({ [name]: {} });
      assert.match(line, new RegExp(`^generators\\[0\\]: a GitOpsSet has no field "${name}" here`));
    }
  });

  const refused: [what: string, entry: object, line: string][] = [
    [
      'a field that is written wrong',
      { apiClient: { intervall: '5m', endpoint: 'https://a' } },
      'generators[0].apiClient: a GitOpsSet has no field "intervall" here, did you mean "interval"?',
    ],
    [
      'a field of a child that is written wrong',
      { matrix: { generators: [{ imagePolicy: { policyref: 'a' } }] } },
      'generators[0].matrix.generators[0].imagePolicy: a GitOpsSet has no field "policyref" here, did you mean "policyRef"?',
    ],
    [
      'a name outside a matrix',
      { name: 'a', list: { elements: [] } },
      'generators[0]: a GitOpsSet has no field "name" here; its fields are list, pullRequests, gitRepository, ' +
        'ociRepository, matrix, cluster, apiClient, imagePolicy and config (GeneratorSet of generatorset.dev/v1alpha1 has more)',
    ],
    [
      'another driver',
      { pullRequests: { interval: '5m', driver: 'gitea', serverURL: 'https://a', repo: 'a/b' } },
      'generators[0].pullRequests.driver: a GitOpsSet has no driver "gitea"; it has github, gitlab and bitbucketserver ' +
        '(GeneratorSet of generatorset.dev/v1alpha1 has more)',
    ],
    [
      'a matrix in a matrix',
      { matrix: { generators: [{ matrix: { generators: [{ list: { elements: [] } }] } }] } },
      'generators[0].matrix.generators[0]: a GitOpsSet has no field "matrix" here; its fields are name, list, pullRequests, ' +
        'gitRepository, ociRepository, cluster, apiClient, imagePolicy and config (GeneratorSet of generatorset.dev/v1alpha1 has more)',
    ],
  ];
  for (const [what, entry, line] of refused) {
    it(`refuse ${what}`, () => assert.deepEqual(linesOf(entry), [line]));
  }

  it('of a GeneratorSet have more', () => {
    const entry = { name: 'a', apiClient: { ...WHOLE['apiClient'], timeout: '5s', onEmpty: 'accept' } };
    assert.deepEqual(linesOf(entry, 'GeneratorSet'), []);
    assert.equal(linesOf(entry).length, 3);
  });
});
