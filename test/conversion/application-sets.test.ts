import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JsonObject, ownValue } from '../../src/lib/json.ts';
import { parseYamlDocuments } from '../../src/lib/yaml.ts';
import { useCommandLine } from '../harness/command-line.ts';
import { REPOSITORY, writeReplay } from './recorded-world.ts';

/** An ApplicationSet, with what it gives: names of Applications with the path of their source. */
interface Case {
  readonly name: string;
  readonly isGo?: boolean;
  readonly generators: string;
  readonly application: string;
  readonly path: string;
  readonly gives: Readonly<Record<string, string>>;
  /** More fields of the spec. */
  readonly more?: string;
  readonly lost?: readonly RegExp[];
}

const textOf = ({
  isGo = true,
  generators,
  application,
  path,
  more = '',
}: Case) => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: apps, namespace: argocd}
spec:
  goTemplate: ${isGo}
  generators: [${generators}]
  ${more}
  template:
    metadata: {name: ${JSON.stringify(application)}, labels: {app: x}}
    spec:
      project: default
      destination: {server: https://kubernetes.default.svc}
      source: {repoURL: https://git.example.com/fleet.git, path: ${JSON.stringify(path)}}
`;

const LIST = '{list: {elements: [{cluster: dev, url: a}, {cluster: prod, url: b}]}}';
const git = (fields: string) => `{git: {repoURL: ${REPOSITORY}, revision: main, ${fields}}}`;
const DIRECTORIES = git("directories: [{path: 'apps/*'}, {path: apps/old, exclude: true}]");
const FILES = git("files: [{path: 'teams/*.yaml'}]");

const CASES: readonly Case[] = [
  {
    name: 'list',
    generators: LIST,
    application: '{{.cluster}}-app',
    path: '{{ upper .url }}{{ if eq .cluster `dev` }}-{{ $.cluster }}{{ end }}',
    gives: { 'dev-app': 'A-dev', 'prod-app': 'B' },
  },
  {
    name: 'list, without Go templates',
    isGo: false,
    generators: "{list: {elements: [{cluster: dev, values: {my-path: p/x}, size: '1'}]}}",
    application: '{{cluster}}-app',
    path: '{{ values.my-path }}/{{ unknown }}/{{size}}',
    gives: { 'dev-app': 'p/x/{{ unknown }}/1' },
  },
  {
    name: 'git directories',
    generators: DIRECTORIES,
    application: '{{.path.basename}}',
    path: '{{.path.path}} {{index .path.segments 0}} {{.path.basenameNormalized}}',
    gives: { web: 'apps/web apps web' },
  },
  {
    name: 'git directories, without Go templates',
    isGo: false,
    generators: DIRECTORIES,
    application: '{{path.basename}}',
    path: '{{path}} {{path[0]}} {{path.basenameNormalized}}',
    gives: { web: 'apps/web apps web' },
  },
  {
    name: 'git directories with a prefix and values',
    generators: git(
      "directories: [{path: apps/web}], pathParamPrefix: one, values: {at: 'x-{{.one.path.basename}}'}",
    ),
    application: '{{.one.path.basename}}',
    path: '{{.values.at}}',
    gives: { web: 'x-web' },
  },
  {
    name: 'git files',
    generators: FILES,
    application: '{{.team}}',
    path: '{{.path.path}} {{.path.filename}} {{.nested.size}}',
    gives: { red: 'teams a.yaml 3' },
  },
  {
    name: 'git files, without Go templates',
    isGo: false,
    generators: FILES,
    application: '{{team}}',
    path: '{{path}} {{path.filename}} {{nested.size}}',
    gives: { red: 'teams a.yaml 3' },
  },
  {
    name: 'matrix of files and a list that reads them',
    generators: `{matrix: {generators: [${FILES}, {list: {elements: [{at: 'x-{{.team}}', path2: b}]}}]}}`,
    application: '{{.team}}-{{.path2}}',
    path: '{{.at}}',
    gives: { 'red-b': 'x-red' },
  },
  {
    name: 'matrix in a matrix',
    generators: `{matrix: {generators: [${LIST}, {matrix: {generators: [{list: {elements: [{x: '1'}]}}, ${DIRECTORIES}]}}]}}`,
    application: '{{.cluster}}-{{.x}}-{{.path.basename}}',
    path: '{{.path.path}}',
    gives: { 'dev-1-web': 'apps/web', 'prod-1-web': 'apps/web' },
  },
  {
    name: 'merge of lists',
    generators: `{merge: {mergeKeys: [cluster], generators: [${LIST}, {list: {elements: [{cluster: prod, url: c}]}}]}}`,
    application: '{{.cluster}}',
    path: '{{.url}}',
    gives: { dev: 'a', prod: 'c' },
  },
  {
    name: 'clusters',
    generators: "{clusters: {selector: {matchLabels: {env: prod}}, values: {rev: '{{.name}}-x'}}}",
    application: '{{.nameNormalized}}',
    path: '{{.server}} {{.metadata.labels.env}} {{.values.rev}}',
    gives: { 'one-east': 'https://one.example.com prod One_East-x' },
  },
  {
    name: 'pull requests',
    generators:
      "{pullRequest: {github: {owner: octo, repo: hello, labels: [preview]}, filters: [{branchMatch: '^feature/.*$'}]}}",
    application: 'pr-{{.number}}',
    path: '{{.branch_slug}} {{.head_short_sha}} {{.head_short_sha_7}} {{.target_branch}} {{ first .labels }}',
    gives: { 'pr-7': 'feature-x 6dcb09b5 6dcb09b main preview' },
  },
  {
    name: 'a text that must not become a number',
    generators: "{list: {elements: [{v: '20'}]}}",
    application: 'app-{{.v}}',
    path: '1.{{.v}}',
    gives: { 'app-20': '1.20' },
  },
  {
    name: 'fields that nothing here is like',
    generators: `${LIST}, {scmProvider: {github: {organization: x}}}, {list: {elements: [{cluster: c, url: d}]}, selector: {matchLabels: {a: b}}}`,
    more: `templatePatch: "{}"
  strategy: {type: RollingSync}
  syncPolicy: {preserveResourcesOnDeletion: true, applicationsSync: create-update}
  ignoreApplicationDifferences: [{jsonPointers: [/spec/x]}]`,
    application: '{{.cluster}}',
    path: '{{.url}}',
    gives: { dev: 'a', prod: 'b', c: 'd' },
    lost: [/scmProvider: /, /selector: /, /templatePatch: /, /strategy: /, /ignoreApplicationDifferences: /],
  },
];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const cluster = (name: string, env: string, shown: string) => `---
apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: argocd
  labels: {argocd.argoproj.io/secret-type: cluster, env: ${env}}
data: {name: ${base64(shown)}, server: ${base64(`https://${name}.example.com`)}}
`;

describe('a converted ApplicationSet', function () {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();
  const place = (...names: string[]) => join(folder.path, ...names);

  beforeEach(async () => {
    await mkdir(place('objects'));
    await writeReplay(place('replay'));
    await writeFile(
      place('objects', 'clusters.yaml'),
      cluster('one', 'prod', 'One_East') + cluster('two', 'dev', 'two'),
    );
  });

  for (const one of CASES) {
    it(`gives the same Applications with ${one.name}`, async () => {
      const { gives, lost = [] } = one;
      const converted = await run('convert', await writeSet(textOf(one), 'in.yaml'));
      assert.equal(converted.code, 0, converted.stderr);
      const losses = converted.stderr.split('\n').filter((line) => line.includes('not carried over'));
      assert.equal(losses.length, lost.length, converted.stderr);
      lost.forEach((pattern, index) => {
        assert.match(losses[index] ?? '', pattern);
      });
      const file = await writeSet(converted.stdout, 'out.yaml');
      const built = await run('build', '--replay', place('replay'), '--objects', place('objects'), file);
      assert.equal(built.code, 0, `${built.stderr}${converted.stdout}`);
      const found = parseYamlDocuments(built.stdout).map(({ value }) => {
        const { kind, metadata, spec } = value as JsonObject;
        assert.equal(kind, 'Application');
        const source = ownValue(spec as JsonObject, 'source') as JsonObject;
        return [ownValue(metadata as JsonObject, 'name'), source['path']];
      });
      assert.deepEqual(Object.fromEntries(found), gives);
    });
  }

  it('gives objects of Flux with --to kustomization, and names what they cannot do', async () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: apps, namespace: flux-system}
spec:
  goTemplate: true
  generators: [{list: {elements: [{name: web, space: shop}]}}]
  template:
    metadata: {name: '{{.name}}', labels: {team: a}}
    spec:
      project: default
      destination: {server: https://kubernetes.default.svc, namespace: '{{.space}}'}
      syncPolicy: {automated: {prune: true, selfHeal: true}, syncOptions: [CreateNamespace=true]}
      source: {repoURL: https://git.example.com/fleet.git, targetRevision: release, path: 'apps/{{.name}}'}
---
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: charts, namespace: flux-system}
spec:
  goTemplate: true
  generators: [{list: {elements: [{name: podinfo}]}}]
  template:
    metadata: {name: '{{.name}}'}
    spec:
      destination: {name: other, namespace: x}
      source: {repoURL: ghcr.io/stefanprodan/charts, chart: podinfo, targetRevision: 6.5.1, helm: {valuesObject: {replicas: 2}}}
`;
    const converted = await run('convert', '--to', 'kustomization', await writeSet(text, 'in.yaml'));
    assert.equal(converted.code, 0, converted.stderr);
    const lost = [...converted.stderr.matchAll(/: (\S+): not carried over/g)].map(([, path]) => path);
    assert.deepEqual(lost, [
      'spec.template.spec.project',
      'spec.template.spec.syncPolicy.syncOptions',
      'spec.template.spec.destination.name',
    ]);
    const built = await run('build', await writeSet(converted.stdout, 'out.yaml'));
    const found = parseYamlDocuments(built.stdout).map(({ value }) => {
      const { kind, metadata, spec } = value as JsonObject;
      return [kind, (metadata as JsonObject)['name'], spec];
    });
    assert.deepEqual(found, [
      ['GitRepository', 'web', { interval: '5m', url: REPOSITORY, ref: { branch: 'release' } }],
      [
        'Kustomization',
        'web',
        {
          interval: '10m',
          path: 'apps/web',
          prune: true,
          sourceRef: { kind: 'GitRepository', name: 'web' },
          targetNamespace: 'shop',
        },
      ],
      [
        'HelmRepository',
        'podinfo',
        { interval: '10m', type: 'oci', url: 'oci://ghcr.io/stefanprodan/charts' },
      ],
      [
        'HelmRelease',
        'podinfo',
        {
          interval: '10m',
          chart: {
            spec: {
              chart: 'podinfo',
              version: '6.5.1',
              sourceRef: { kind: 'HelmRepository', name: 'podinfo' },
            },
          },
          releaseName: 'podinfo',
          values: { replicas: 2 },
          targetNamespace: 'x',
        },
      ],
    ]);
  });

  it('leaves Applications alone when it is deleted, where that was so before', async () => {
    const one = CASES.at(-1) as Case;
    const { stdout } = await run('convert', await writeSet(textOf(one), 'in.yaml'));
    assert.match(stdout, /^ {2}deletionPolicy: Orphan$/m);
    assert.match(stdout, /^ {2}target:\n {4}apply:\n {6}prune: false$/m);
  });

  it('fails with --strict when anything was lost, and with nothing left', async () => {
    const one = CASES.at(-1) as Case;
    const file = await writeSet(textOf(one), 'in.yaml');
    assert.equal((await run('convert', '--strict', file)).code, 1);
    const only = { ...one, generators: '{scmProvider: {github: {organization: x}}}' };
    const { code, stderr, stdout } = await run('convert', await writeSet(textOf(only), 'only.yaml'));
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /✗ .*only\.yaml:6:15: no generator is left/);
  });
});
