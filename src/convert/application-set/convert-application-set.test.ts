import assert from 'node:assert/strict';
import { generators } from '../../../generators/index.ts';
import { generatorChecks } from '../../api/check-generators.ts';
import { createSetValidator } from '../../api/validate-set.ts';
import type { JsonObject } from '../../lib/json.ts';
import { valueAt } from '../../lib/value-at.ts';
import { convertSets } from '../convert-sets.ts';
import { formatFinding } from '../report.ts';

const validate = createSetValidator(
  Object.fromEntries(generators.map(({ name, schema }) => [name, schema])),
  { checks: generatorChecks(generators) },
);

const LIST = '{list: {elements: [{name: a}]}}';

interface Parts {
  readonly generators?: string;
  /** Of the spec. */
  readonly more?: string;
  readonly metadata?: string;
  readonly source?: string;
  readonly spec?: string;
  readonly to?: 'application' | 'kustomization';
}

/** What becomes of an ApplicationSet: its spec, and what is said of the fields whose path holds a word. */
function convert({ generators: list = LIST, more = '', metadata = '', source = '', spec = '', to }: Parts): {
  spec: JsonObject;
  content: (index?: number) => JsonObject;
  told: (path: string) => string[];
} {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: apps, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators: [${list}]
  ${more}
  template:
    metadata: {name: 'app-{{.name}}', ${metadata}}
    spec:
      project: default
      ${spec}
      source: {repoURL: https://git.example.com/fleet.git, path: apps, ${source}}
`;
  const { sets, errors } = convertSets([{ name: 'in.yaml', text }], { validate, ...(to && { to }) });
  assert.deepEqual(errors, []);
  const [set] = sets;
  assert.ok(set);
  return {
    spec: set.value['spec'] as JsonObject,
    content: (index = 0) => valueAt(set.value, ['spec', 'templates', index, 'content']) as JsonObject,
    told: (path) =>
      set.reports
        .map(formatFinding)
        .filter((line) => line.startsWith(`${path}: `))
        .map((line) => line.slice(path.length + 2)),
  };
}

const finalizersOf = (content: JsonObject) => valueAt(content, ['metadata', 'finalizers']);
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

describe('Applications of a converted ApplicationSet', () => {
  const cases: readonly (readonly [name: string, parts: Parts, finalizers: readonly string[] | undefined])[] =
    [
      ['take what they deployed along, as they do there', {}, [FINALIZER]],
      [
        'leave what they deployed, where that was so',
        { more: 'syncPolicy: {preserveResourcesOnDeletion: true}' },
        undefined,
      ],
      ['keep finalizers of their own', { metadata: 'finalizers: [x.example.com/y]' }, ['x.example.com/y']],
    ];
  for (const [name, parts, finalizers] of cases)
    it(name, () => {
      const { content, spec } = convert(parts);
      assert.deepEqual(finalizersOf(content()), finalizers);
      // Whether Applications outlive the set is another question.
      assert.equal(spec['deletionPolicy'], undefined);
    });

  it('outlive the set where they are never deleted', () => {
    for (const word of ['create-only', 'create-update', 'create-delete', 'sync']) {
      const isKept = word === 'create-only' || word === 'create-update';
      const { spec } = convert({ more: `syncPolicy: {applicationsSync: ${word}}` });
      assert.equal(spec['deletionPolicy'], isKept ? 'Orphan' : undefined, word);
      assert.deepEqual(spec['target'], isKept ? { apply: { prune: false } } : undefined, word);
    }
  });

  it('are in the namespace of the set, whatever the template says', () => {
    const { content, told } = convert({ metadata: 'namespace: elsewhere' });
    assert.equal(valueAt(content(), ['metadata', 'namespace']), undefined);
    assert.match(told('spec.template.metadata.namespace').join(), /^left out: /);
  });
});

describe('parameters of a converted ApplicationSet', () => {
  const git = (fields: string) => `{git: {repoURL: https://x.example.com/y.git, revision: main, ${fields}}}`;

  it('that several generators of a matrix give are named', () => {
    const { told } = convert({
      generators:
        '{matrix: {generators: [{list: {elements: [{name: a, v: 1, values: {x: 1, y: 2}}]}}, {list: {elements: [{v: 2, values: {x: 3}}]}}]}}',
    });
    assert.deepEqual(told('spec.generators[0].matrix'), [
      'differs: v, values.x: several of its generators give it, and the last one counts, rather than the first',
    ]);
  });

  it('are known in the lists of a merge behind another generator', () => {
    const { spec } = convert({
      generators: `{matrix: {generators: [${LIST}, {merge: {mergeKeys: [k], generators: [{list: {elements: [{k: '{{.name}}'}]}}, {list: {elements: [{k: a, z: 1}]}}]}}]}}`,
    });
    const merge = valueAt(spec, ['generators', 0, 'matrix', 'generators', 1, 'merge', 'generators']);
    assert.deepEqual(merge, [
      { list: { elements: [{ k: '{{.Element.name}}' }] } },
      { list: { elements: [{ k: 'a', z: 1 }] } },
    ]);
  });

  it('that are read all at once hold more here, which is said', () => {
    const matrix = (other: string) => `{matrix: {generators: [${LIST}, ${other}]}}`;
    for (const [one, child] of [
      ['{clusters: {}}', 'fromCluster'],
      [git('files: [{path: x.yaml}]'), 'fromGit'],
      ['{pullRequest: {github: {owner: a, repo: b}}}', 'fromPullRequest'],
    ] as const)
      for (const text of ['{{ toJson . }}', '{{ index $ "x" }}']) {
        const { told } = convert({
          generators: matrix(one),
          metadata: `annotations: {a: '${text}'}`,
        });
        assert.match(
          told('spec.template.metadata.annotations.a').join(),
          new RegExp(`^differs: .* hold ${child} too`),
        );
      }
    const { told } = convert({ metadata: "annotations: {a: '{{ toJson . }}'}" });
    assert.deepEqual(told('spec.template.metadata.annotations.a'), []);
  });

  it('of a git generator with directories are those of no files', () => {
    const { spec, told } = convert({
      generators: `{matrix: {generators: [${LIST}, ${git("directories: [{path: 'apps/**'}], files: [{path: x.yaml}]")}]}}`,
    });
    const path = ['generators', 0, 'matrix', 'generators', 1, 'gitDirectory'];
    assert.deepEqual(Object.keys(valueAt(spec, path) as JsonObject).sort(), [
      'directories',
      'interval',
      'ref',
      'url',
    ]);
    const field = 'spec.generators[0].matrix.generators[1].git';
    assert.match(told(`${field}.files`).join(), /^left out: /);
    assert.match(told(`${field}.directories`).join(), /^differs: a path without any match is an error/);
    assert.match(told(`${field}.directories[0].path`).join(), /^differs: \*\* stands for any number/);
  });
});

describe('objects of Flux in place of Applications', () => {
  const to = 'kustomization';

  it('leave what they deployed, where that was so', () => {
    const more = 'syncPolicy: {preserveResourcesOnDeletion: true}';
    assert.equal(valueAt(convert({ to, more }).content(1), ['spec', 'deletionPolicy']), 'Orphan');
    assert.equal(valueAt(convert({ to }).content(1), ['spec', 'deletionPolicy']), undefined);
    const chart = convert({ to, more, source: 'chart: x, targetRevision: 1.0.0' });
    assert.match(
      chart.told('spec.template.spec.source.chart').join(),
      /^not carried over: preserveResources/,
    );
  });

  it('say that Flux applies by itself, and where its namespace counts for more', () => {
    const manual = convert({
      to,
      spec: 'destination: {server: https://kubernetes.default.svc, namespace: x}',
    });
    assert.match(manual.told('spec.template.spec').join(), /^differs: without syncPolicy\.automated /);
    assert.match(
      manual.told('spec.template.spec.destination.namespace').join(),
      /^differs: targetNamespace is that of all objects/,
    );
    const automated = convert({ to, spec: 'syncPolicy: {automated: {}}' });
    assert.deepEqual(automated.told('spec.template.spec'), []);
  });
});
