import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type JsonObject, ownValue } from '../../src/lib/json.ts';
import { parseYamlDocuments } from '../../src/lib/yaml.ts';
import { useCommandLine } from '../harness/command-line.ts';
import { SERVICE, writeReplay } from './recorded-world.ts';

/** A ResourceSet, with what it gives: names of ConfigMaps with their data. */
interface Case {
  readonly name: string;
  readonly text: string;
  readonly gives: Readonly<Record<string, JsonObject>>;
  /** What could not be carried over. */
  readonly lost?: readonly RegExp[];
}

const set = (spec: string, annotations = '{}') => `apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: apps, namespace: teams, annotations: ${annotations}}
spec:
${spec.replace(/^/gm, '  ')}
`;

const provider = (name: string, spec: string) => `---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: {name: ${name}, namespace: teams, labels: {team: ${name}}}
spec:
${spec.replace(/^/gm, '  ')}
`;

const configMap = (name: string, data: string) =>
  `resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: '${name}', namespace: teams}, data: ${data}}]`;

const CASES: readonly Case[] = [
  {
    name: 'inputs',
    text: set(`inputs: [{tenant: a, app: {replicas: 2}}, {tenant: b, app: {replicas: 3}}]
${configMap('<< inputs.tenant >>', "{replicas: '<< inputs.app.replicas | quote >>', plain: '{{ kept }}'}")}`),
    gives: { a: { replicas: '2', plain: '{{ kept }}' }, b: { replicas: '3', plain: '{{ kept }}' } },
  },
  {
    name: 'no inputs',
    text: set(configMap('one', "{x: '<< add 1 2 | quote >>'}")),
    gives: { one: { x: '3' } },
  },
  {
    name: 'a resource that all inputs share',
    text: set(`inputs: [{tenant: a}, {tenant: b}]
commonMetadata: {labels: {team: x}}
${configMap('shared', "{first: '<< inputs.tenant >>'}")}`),
    gives: { shared: { first: 'a' } },
  },
  {
    name: 'resourcesTemplate, with inputs in a range',
    text: set(`inputs: [{tenant: a, parts: [x, z]}]
resourcesTemplate: |
  <<- range $part := inputs.parts >>
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: "<< inputs.tenant >>-<< $part >>", namespace: teams}
  data: {all: << inputs.parts | toJson | quote >>, slug: << slugify inputs.tenant >>}
  <<- end >>`),
    gives: { 'a-x': { all: '["x","z"]', slug: 'a' }, 'a-z': { all: '["x","z"]', slug: 'a' } },
  },
  {
    name: 'inputs.provider',
    text: set(`inputs: [{tenant: a}]
${configMap('<< inputs.provider.name >>', "{from: '<< inputs.provider.kind >>/<< inputs.provider.namespace >>'}")}`),
    gives: { apps: { from: 'ResourceSet/teams' } },
  },
  {
    name: 'providers of the type Static, by their labels',
    text: `${set(`inputsFrom: [{kind: ResourceSetInputProvider, selector: {matchLabels: {team: one}}}]
${configMap('<< inputs.env >>', "{by: '<< inputs.provider.name >>'}")}`)}${provider('one', 'type: Static\ndefaultValues: {env: dev}')}`,
    gives: { dev: { by: 'one' } },
  },
  {
    name: 'a product of inputs',
    text: `${set(`inputStrategy: {name: Permute}
inputs: [{env: dev}, {env: prod}]
inputsFrom: [{name: more-values}]
${configMap('<< inputs.apps.env >>-<< inputs.more_values.zone >>', "{x: 'y'}")}`)}${provider('more-values', 'type: Static\ndefaultValues: {zone: eu}')}`,
    gives: { 'dev-eu': { x: 'y' }, 'prod-eu': { x: 'y' } },
  },
  {
    name: 'pull requests',
    text: `${set(`inputsFrom: [{name: pulls}]
${configMap('pr-<< inputs.id >>', "{branch: '<< inputs.branch >>', sha: '<< inputs.sha >>', chart: '<< inputs.chart >>', title: '<< inputs.title >>'}")}`)}${provider(
      'pulls',
      'type: GitHubPullRequest\nurl: https://github.com/octo/hello\nfilter: {labels: [preview], limit: 5, includeBranch: "^feature/.*"}\ndefaultValues: {chart: x}',
    )}`,
    gives: {
      'pr-7': {
        branch: 'feature/x',
        sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
        chart: 'x',
        title: 'Add x',
      },
    },
    lost: [/spec\.filter\.limit: not carried over: all pull requests are taken/],
  },
  {
    name: 'an external service',
    text: `${set(`inputsFrom: [{name: service}]
${configMap('<< inputs.id >>', "{size: '<< inputs.size | quote >>', zone: '<< inputs.zone >>'}")}`)}${provider(
      'service',
      `type: ExternalService\nurl: ${SERVICE}\nsecretRef: {name: token}\ndefaultValues: {zone: eu, size: 1}`,
    )}`,
    gives: { one: { size: '4', zone: 'eu' }, two: { size: '1', zone: 'eu' } },
    lost: [/spec\.secretRef: not carried over: make a Secret with the whole header/],
  },
  {
    name: 'steps, and a template that is left out',
    text: set(`steps:
- name: first
  timeout: 1m
  ${configMap('a', '{x: z}')}
- name: second
  resources:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: b, annotations: {fluxcd.controlplane.io/reconcile: disabled}}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: teams, annotations: {fluxcd.controlplane.io/prune: disabled}}}`),
    gives: { a: { x: 'z' }, c: {} },
    lost: [/spec\.steps\[0\]\.name/, /spec\.steps\[0\]\.timeout/, /spec\.steps\[1\]\.name/],
  },
];

describe('a converted ResourceSet', function () {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();

  beforeEach(() => writeReplay(join(folder.path, 'replay')));

  for (const { name, text, gives, lost = [] } of CASES) {
    it(`gives the same with ${name}`, async () => {
      const converted = await run('convert', await writeSet(text, 'in.yaml'));
      assert.equal(converted.code, 0, converted.stderr);
      const losses = converted.stderr.split('\n').filter((line) => line.includes('not carried over'));
      assert.equal(losses.length, lost.length, converted.stderr);
      lost.forEach((pattern, index) => {
        assert.match(losses[index] ?? '', pattern);
      });
      const built = await run(
        'build',
        '--replay',
        join(folder.path, 'replay'),
        await writeSet(converted.stdout, 'out.yaml'),
      );
      assert.equal(built.code, 0, `${built.stderr}${converted.stdout}`);
      const found = parseYamlDocuments(built.stdout).map(({ value }) => {
        const { metadata, data = {} } = value as JsonObject;
        return [ownValue(metadata as JsonObject, 'name'), data];
      });
      assert.deepEqual(Object.fromEntries(found), gives);
    });
  }
});
