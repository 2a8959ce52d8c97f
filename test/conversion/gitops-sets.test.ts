import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, type JsonObject, ownValue } from '../../src/lib/json.ts';
import { parseYaml, parseYamlDocuments } from '../../src/lib/yaml.ts';
import { artifactAt, packFiles } from '../harness/archives.ts';
import { useCommandLine } from '../harness/command-line.ts';
import { QUERY, REPOSITORY, writeReplay } from './recorded-world.ts';

/** One part of GitOpsSets' API, and what GitOpsSets makes of it: names of ConfigMaps with their value. */
interface Section {
  readonly name: string;
  /** Beside apiVersion, kind and name. */
  readonly metadata?: string;
  readonly spec: string;
  readonly gives: Readonly<Record<string, string>>;
}

const template = (name: string, value: string, more = '') =>
  `templates: [{${more}content: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${name}'}, data: {x: '${value}'}}}]`;

const SECTIONS: readonly Section[] = [
  {
    name: 'list',
    spec: `generators: [{list: {elements: [{env: dev, size: 2}, {env: prod, size: 3}]}}]
  ${template('list-{{ .Element.env }}', '{{ .Element.size }} {{ .ElementIndex }}')}`,
    gives: { 'list-dev': '2 0', 'list-prod': '3 1' },
  },
  {
    name: 'several-generators',
    spec: `generators: [{list: {elements: [{v: a}]}}, {list: {elements: [{v: b}]}}]
  ${template('several-{{ .Element.v }}', '{{ .GitOpsSet.Name }}/{{ .GitOpsSet.Namespace }}')}`,
    gives: { 'several-a': 'several-generators/teams', 'several-b': 'several-generators/teams' },
  },
  {
    name: 'api-client',
    spec: `generators: [{apiClient: {interval: 5m, endpoint: "${QUERY}", jsonPath: "{.data.result}"}}]
  ${template('api-{{ .Element.metric.pod }}', '{{ index .Element.value 1 }}')}`,
    gives: { 'api-a': '300' },
  },
  {
    name: 'api-client-single',
    spec: `generators: [{apiClient: {interval: 5m, endpoint: "${QUERY}", singleElement: true}}]
  ${template('single', '{{ .Element.status }}')}`,
    gives: { single: 'success' },
  },
  {
    name: 'pull-requests',
    spec: `generators: [{pullRequests: {interval: 5m, driver: github, repo: octo/hello, labels: [preview]}}]
  ${template('pr-{{ .Element.Number }}', '{{ .Element.Branch }} {{ .Element.Fork }}')}`,
    gives: { 'pr-7': 'feature/x false' },
  },
  {
    name: 'config',
    spec: `generators: [{config: {kind: ConfigMap, name: environment}}, {config: {kind: Secret, name: token}}]
  ${template('config-{{ .Element.name }}', '{{ getordefault .Element "region" "none" }}')}`,
    gives: { 'config-blue': 'eu', 'config-green': 'none' },
  },
  {
    name: 'cluster',
    spec: `generators: [{cluster: {selector: {matchLabels: {env: prod}}}}]
  ${template('cluster-{{ .Element.ClusterName }}', '{{ .Element.ClusterNamespace }} {{ .Element.ClusterLabels.env }}')}`,
    gives: { 'cluster-one': 'clusters prod' },
  },
  {
    name: 'image-policy',
    spec: `generators: [{imagePolicy: {policyRef: podinfo}}]
  ${template('image', '{{ .Element.image }}:{{ .Element.latestTag }}')}`,
    gives: { image: 'ghcr.io/x/podinfo:6.5.1' },
  },
  {
    name: 'git-repository-directories',
    spec: `generators: [{gitRepository: {repositoryRef: fleet, directories: [{path: 'apps/*'}, {path: apps/old, exclude: true}]}}]
  ${template('directory-{{ .Element.Base }}', '{{ .Element.Directory }}')}`,
    gives: { 'directory-web': './apps/web' },
  },
  {
    name: 'git-repository-files',
    spec: `generators: [{gitRepository: {repositoryRef: fleet, files: [{path: teams/a.yaml}]}}]
  ${template('file-{{ .Element.team }}', '{{ .Element.nested.size }}')}`,
    gives: { 'file-red': '3' },
  },
  {
    name: 'oci-repository-directories',
    spec: `generators: [{ociRepository: {repositoryRef: fleet, directories: [{path: 'apps/*'}, {path: apps/old, exclude: true}]}}]
  ${template('oci-{{ .Element.Base }}', '{{ .Element.Directory }}')}`,
    gives: { 'oci-web': './apps/web' },
  },
  {
    name: 'oci-repository-files',
    spec: `generators: [{ociRepository: {repositoryRef: fleet, files: [{path: teams/a.yaml}]}}]
  ${template('oci-file-{{ .Element.team }}', '{{ .Element.size }}')}`,
    gives: { 'oci-file-blue': '4' },
  },
  {
    name: 'matrix',
    spec: `generators: [{matrix: {generators: [{list: {elements: [{a: 1}, {a: 2}]}}, {list: {elements: [{b: x}]}}]}}]
  ${template('matrix-{{ .Element.a }}-{{ .Element.b }}', 'y')}`,
    gives: { 'matrix-1-x': 'y', 'matrix-2-x': 'y' },
  },
  {
    name: 'matrix-names',
    spec: `generators: [{matrix: {generators: [{name: s, list: {elements: [{a: 1}]}}, {name: t, list: {elements: [{a: 2}]}}]}}]
  ${template('names-{{ .Element.s.a }}-{{ .Element.t.a }}', 'y')}`,
    gives: { 'names-1-2': 'y' },
  },
  {
    name: 'matrix-single-element',
    spec: `generators:
    - matrix:
        singleElement: true
        generators: [{name: s, list: {elements: [{a: 1}, {a: 2}]}}, {list: {elements: [{b: 3}]}}]
  ${template('one', '{{ range .Element.s }}{{ .a }},{{ end }}{{ range .Element.Matrix }}{{ .b }}{{ end }}')}`,
    gives: { one: '1,2,3' },
  },
  {
    name: 'repeat',
    spec: `generators: [{list: {elements: [{teams: [{name: a}, {name: b}]}]}}]
  ${template('repeat-{{ .Repeat.name }}', '{{ .RepeatIndex }}', "repeat: '{ .teams }', ")}`,
    gives: { 'repeat-a': '0', 'repeat-b': '1' },
  },
  {
    name: 'delimiters',
    metadata: `annotations: {sets.gitops.pro/delimiters: '\${{,}}'}`,
    spec: `generators: [{list: {elements: [{v: a}]}}]
  ${template('delimiters-${{ .Element.v }}', '{{ kept }} ${{ .Element.v }}')}`,
    gives: { 'delimiters-a': '{{ kept }} a' },
  },
  {
    name: 'suspended',
    spec: `suspend: true
  serviceAccountName: tenant
  generators: [{list: {elements: [{v: a}]}}]
  ${template('suspended-{{ .Element.v }}', 'y')}`,
    gives: { 'suspended-a': 'y' },
  },
  {
    name: 'functions',
    spec: `generators: [{list: {elements: [{v: 'engineering dev', m: {b: 1}}]}}]
  ${template('{{ sanitize .Element.v }}', '{{ toYaml .Element.m }}{{ upper "x" }}')}`,
    gives: { engineeringdev: 'b: 1X' },
  },
];

const OBJECTS = `apiVersion: v1
kind: ConfigMap
metadata: {name: environment, namespace: teams}
data: {name: blue, region: eu}
---
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: teams}
stringData: {name: green}
---
apiVersion: gitops.weave.works/v1alpha1
kind: GitopsCluster
metadata: {name: one, namespace: clusters, labels: {env: prod}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: podinfo, namespace: teams}
status: {latestRef: {name: ghcr.io/x/podinfo, tag: "6.5.1"}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: teams}
spec: {interval: 1h, url: ${REPOSITORY}, ref: {branch: main}}
`;

const textOf = ({ name, metadata, spec }: Section) => `apiVersion: sets.gitops.pro/v1alpha1
kind: GitOpsSet
metadata:
  name: ${name}
  namespace: teams
  ${metadata ?? ''}
spec:
  ${spec}
`;

describe('a converted GitOpsSet', function () {
  this.timeout(60_000);
  const { folder, run } = useCommandLine();

  const place = (...names: string[]) => join(folder.path, ...names);

  async function writeWorld(): Promise<void> {
    for (const name of ['objects', 'in']) await mkdir(place(name));
    const archive = await packFiles({
      'apps/old/x.yaml': 'a: b\n',
      'apps/web/x.yaml': 'a: b\n',
      'teams/a.yaml': 'team: blue\nsize: 4\n',
    });
    const url = 'http://source-controller.flux-system.svc/ocirepository/teams/fleet/1.tar.gz';
    const fetched = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata: { name: 'fleet', namespace: 'teams' },
      status: { artifact: { ...artifactAt(url, archive) } },
    };
    await writeReplay(place('replay'), { url, archive });
    await writeFile(place('objects', 'all.yaml'), `${OBJECTS}---\n${JSON.stringify(fetched)}\n`);
    for (const section of SECTIONS)
      await writeFile(place('in', `teams-${section.name}.yaml`), textOf(section));
  }

  const build = (path: string) =>
    run('build', '--objects', place('objects'), '--replay', place('replay'), path);

  it('renders what the GitOpsSet itself renders, and what GitOpsSets makes of it', async () => {
    await writeWorld();
    const files = (await readdir(place('in'))).map((name) => place('in', name));
    const converted = await run('convert', '--strict', '-o', place('out'), ...files);
    assert.equal(converted.code, 0, converted.stderr);
    const [before, after] = [await build(place('in')), await build(place('out'))];
    assert.equal(after.code, 0, after.stderr);
    assert.equal(after.stdout, before.stdout);
    const rendered = parseYamlDocuments(after.stdout).map(({ value }) => value as JsonObject);
    const found = rendered.map(({ metadata, data }) => [
      ownValue(metadata as JsonObject, 'name'),
      ownValue(data as JsonObject, 'x'),
    ]);
    assert.deepEqual(Object.fromEntries(found), Object.assign({}, ...SECTIONS.map(({ gives }) => gives)));
  });

  it('has the fields of the GitOpsSet, and is one for validate', async () => {
    await writeWorld();
    await run(
      'convert',
      '-o',
      place('out'),
      ...SECTIONS.map(({ name }) => place('in', `teams-${name}.yaml`)),
    );
    const { code, stderr } = await run('validate', place('out'));
    assert.equal(code, 0, stderr);
    for (const { name } of SECTIONS) {
      const [input, output] = await Promise.all(
        ['in', 'out'].map(async (at) => parseYaml(await readFile(place(at, `teams-${name}.yaml`), 'utf8'))),
      );
      assert.ok(isObject(input) && isObject(output));
      assert.equal(output['kind'], 'GeneratorSet');
      assert.deepEqual(output['spec'], input['spec'], name);
    }
  });
});
