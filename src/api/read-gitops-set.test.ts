import assert from 'node:assert/strict';
import { readSample, sampleSet } from '../../test/harness/sample-sets.ts';

const gitops = (spec: string, version = 'sets.gitops.pro/v1alpha1') =>
  sampleSet(spec)
    .replace('generatorset.dev/v1alpha1', version)
    .replace('GeneratorSet', 'GitOpsSet')
    .replace('[{text: x}]', '[{content: {kind: X}}]');

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
    const spec =
      'generators: [{apiClient: {interval: 24h, endpoint: http://a}}]\ntemplates: [{content: {kind: X}}]';
    assert.deepEqual(readSample(gitops(spec)).sets[0]?.set, readSample(sampleSet(spec)).sets[0]?.set);
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
        '5:3: spec: a GitOpsSet has no field "guard" here; its fields are suspend, serviceAccountName, generators and ' +
          'templates (GeneratorSet of generatorset.dev/v1alpha1 has more)',
      ],
    ],
    [
      'a template that only a GeneratorSet has',
      gitops('templates: [{text: hello}]'),
      [
        '5:16: spec.templates[0]: a GitOpsSet has no field "text" here; its fields are repeat and content ' +
          '(GeneratorSet of generatorset.dev/v1alpha1 has more)',
      ],
    ],
    [
      'a generator that never was',
      gitops('generators: [{apiclient: {}}]'),
      ['5:17: spec.generators[0]: a GitOpsSet has no field "apiclient" here, did you mean "apiClient"?'],
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
