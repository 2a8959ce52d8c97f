import assert from 'node:assert/strict';
import { readSample, sampleSchemas, sampleSet } from '../../test/harness/sample-sets.ts';
import { generatorEntrySchema } from './generatorset-schema.ts';
import { readGeneratorSets } from './read-sets.ts';
import { createSetValidator } from './validate-set.ts';

const gitops = (spec: string, version = 'sets.gitops.pro/v1alpha1') =>
  sampleSet(spec).replace('generatorset.dev/v1alpha1', version).replace('GeneratorSet', 'GitOpsSet');

describe('a GitOpsSet', () => {
  for (const version of ['sets.gitops.pro/v1alpha1', 'templates.weave.works/v1alpha1']) {
    it(`of ${version} is read as a GeneratorSet`, () => {
      const spec =
        'suspend: true\nserviceAccountName: tenant\ntemplates:\n- repeat: "{ .a }"\n  content: {kind: X}';
      const { sets, lines } = readSample(gitops(spec, version));
      assert.deepEqual(lines, []);
      assert.deepEqual(sets[0]?.set, {
        apiVersion: 'generatorset.dev/v1alpha1',
        kind: 'GeneratorSet',
        metadata: { name: 'test', namespace: 'flux-system' },
        spec: {
          suspend: true,
          serviceAccountName: 'tenant',
          deletionPolicy: 'Prune',
          numbers: 'exact',
          dialect: 'go',
          allowNonDeterministic: false,
          generators: [{ list: { elements: [] } }],
          templates: [{ repeat: '{ .a }', content: { kind: 'X' } }],
          guard: { onEmpty: 'hold', maxPrune: '20%' },
        },
      });
    });
  }

  it('equals the GeneratorSet with the same spec', () => {
    const spec = 'generators: [{apiClient: {interval: 24h, endpoint: http://a}}]';
    assert.deepEqual(readSample(gitops(spec)).sets[0]?.set, readSample(sampleSet(spec)).sets[0]?.set);
  });

  it('may have a matrix, in which what is missing has its name', () => {
    const entries = { type: 'array', items: generatorEntrySchema(sampleSchemas, 'Its name.') } as const;
    const schema = {
      type: 'object',
      additionalProperties: false,
      properties: { generators: entries },
    } as const;
    const validate = createSetValidator({ ...sampleSchemas, matrix: schema });
    const linesOf = (child: string) => {
      const text = gitops(`generators: [{matrix: {generators: [{list: {elements: []}}, ${child}]}}]`);
      const { errors } = readGeneratorSets(text, 'set.yaml', { validate });
      return errors.flatMap(({ message }) => message.split('\n'));
    };
    assert.deepEqual(linesOf('{name: a, apiClient: {interval: 24h, endpoint: http://a}}'), []);
    assert.match(
      linesOf('{cluster: {}}')[0] ?? '',
      /^set.yaml:5:\d+: spec\.generators\[0\]\.matrix\.generators\[1\]: generator "cluster" is not available; use one of list/,
    );
    assert.match(
      linesOf('{apiClient: {interval: 1s, endpoint: http://a}}')[0] ?? '',
      /interval: is 1s, must be/,
    );
  });

  it('of a list is read too', () => {
    const item = gitops('suspend: false').trimEnd().replaceAll('\n', '\n  ');
    assert.equal(readSample(`kind: GitOpsSetList\nitems:\n- ${item}\n`).sets.length, 1);
  });

  const bad: [title: string, text: string, errors: string[]][] = [
    [
      'another version',
      gitops('suspend: false', 'sets.gitops.pro/v1'),
      [
        '1:13: apiVersion: must be sets.gitops.pro/v1alpha1 or templates.weave.works/v1alpha1 for kind GitOpsSet',
      ],
    ],
    [
      'a field that only a GeneratorSet has',
      gitops('guard: {}'),
      [
        '5:3: spec: a GitOpsSet has no field "guard"; its fields are suspend, serviceAccountName, generators and ' +
          'templates (GeneratorSet of generatorset.dev/v1alpha1 has more)',
      ],
    ],
    [
      'a generator with another name here',
      gitops('generators: [{gitRepository: {repositoryRef: a}}]'),
      [
        '5:17: spec.generators[0]: generator "gitRepository" is not available; use gitDirectory, or one of list, apiClient',
      ],
    ],
    ...['ociRepository', 'pullRequests', 'matrix', 'cluster', 'imagePolicy', 'config'].map(
      (name): [string, string, string[]] => [
        `the generator ${name}`,
        gitops(`generators: [{${name}: {}}]`),
        [
          `5:17: spec.generators[0]: generator "${name}" is not available; use one of list, apiClient, gitDirectory`,
        ],
      ],
    ),
    [
      'a generator that never was',
      gitops('generators: [{apiclient: {}}]'),
      ['5:17: spec.generators[0]: unknown field "apiclient", did you mean "apiClient"?'],
    ],
    [
      'two generators in one entry',
      gitops('generators: [{list: {elements: []}, apiClient: {interval: 5m, endpoint: http://a}}]'),
      [
        '5:16: spec.generators[0]: needs exactly one of list, apiClient, gitDirectory; it has list and apiClient',
      ],
    ],
    [
      'an interval that is none',
      gitops('generators: [{apiClient: {interval: 1d, endpoint: http://a}}]'),
      [
        '5:39: spec.generators[0].apiClient.interval: is "1d", must be a duration in hours, minutes and seconds, such as 24h or 5m30s',
      ],
    ],
    [
      'no spec',
      'apiVersion: sets.gitops.pro/v1alpha1\nkind: GitOpsSet\nmetadata: {name: a}\n',
      ['1:1: missing field "spec"'],
    ],
  ];
  for (const [title, text, errors] of bad) {
    it(`with ${title} is refused`, () => {
      assert.deepEqual(
        readSample(text).lines,
        errors.map((line) => `set.yaml:${line}`),
      );
    });
  }

  it('leaves other kinds of the Weave group alone', () => {
    assert.deepEqual(readSample('apiVersion: templates.weave.works/v1alpha1\nkind: GitOpsTemplate\n'), {
      sets: [],
      lines: [],
    });
  });
});
