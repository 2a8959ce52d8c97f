import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseYaml } from '../../src/lib/yaml.ts';
import { LIST_SET, listSetWith, useCommandLine } from '../harness/command-line.ts';
import { branchHead, git, makeRepository } from '../harness/git.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';

/** One ConfigMap for each workload, whose limit is decided. */
const setOf = (url: string): string => `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: memory
spec:
  elementKey: "{{ .Element.metric.app }}"
  generators:
    - prometheus: {interval: 24h, url: "${url}", query: max_memory}
  tune:
    - {name: limit, from: "{{ .Element.value }}", margin: 20%, roundUp: 16Mi, cooldown: 24h}
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.metric.app }}"
        data:
          limit: "{{ .Element.limit }}"
          team: web
`;

/** A Deployment from one text, and a resource of its own group. */
const TEXT_SET = `${LIST_SET}    - text: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "{{ .Element.name }}", namespace: apps}
        spec: {replicas: 2}
`;

const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

describe('the command line explain', function () {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();

  describe('of a set that asks Prometheus and decides', () => {
    let server: TestServer;
    let values: Record<string, string>;
    const repository = () => join(folder.path, 'fleet.git');
    const target = () => ['--git-url', repository(), '--path', 'apps'];

    beforeEach(async () => {
      makeRepository(repository(), { 'README.md': 'fleet\n' });
      server = await startHttpServer((_, response) => {
        const result = Object.entries(values).map(([app, value]) => {
          return { metric: { app }, value: [1_770_091_506, value] };
        });
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
      });
    });
    afterEach(() => server.close());

    /** Delivers what these workloads need. */
    async function deliver(file: string, measured: Record<string, string>): Promise<void> {
      values = measured;
      const { code, stderr } = await run('run', '--once', ...target(), file);
      assert.equal(code, 0, stderr);
    }

    it('leads from a field to the answer, as the commit does', async () => {
      const file = await writeSet(setOf(server.origin));
      await deliver(file, { podinfo: '300000000', api: '1' });
      await deliver(file, { podinfo: '365432832', api: '1' });
      const body = git(repository(), ['log', '-1', '--format=%B']);
      assert.match(body, /^Decision: limit = 432Mi \(Computed, was 352Mi, from 365432832\)$/m);
      assert.match(body, /^Evaluated: \d{4}-/m);

      values = { podinfo: '100000000', api: '1' };
      const head = branchHead(repository());
      const { code, stdout, stderr } = await run('explain', ...target(), file, 'configmap/podinfo', 'data');
      assert.equal(code, 0, stderr);
      assert.equal(
        stdout.replace(TIME, '<time>').replace(`${file}:`, 'set.yaml:'),
        `ConfigMap/flux-system/podinfo (flux-system-configmap-podinfo.yaml)

data.limit = "432Mi"
  <- template  spec.templates[0], set.yaml:18:18
  <- decision  limit = 432Mi: Computed from 365432832, was 352Mi, since <time>
               kept: Cooldown; the input says 128Mi
  <- element   podinfo, of spec.generators[0].prometheus
  <- answer    .Element.value = 100000000
               query: max_memory
               evaluated: <time>
`,
      );
      assert.equal(branchHead(repository()), head, 'it delivers nothing');
    });

    it('says why a resource that is not rendered stays', async () => {
      const file = await writeSet(setOf(server.origin));
      await deliver(file, { podinfo: '300000000', api: '1' });
      const broken = await writeSet(
        setOf(server.origin).replace(
          'team: web',
          `team: '{{ if eq .Element.metric.app "api" }}{{ fail "no" }}{{ end }}'`,
        ),
        'broken.yaml',
      );
      const { code, stdout, stderr } = await run('explain', ...target(), broken, 'configmap/api');
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /^ConfigMap\/flux-system\/api .*\nit stays as it is, .*element api is held: RenderFailed/,
      );
    });

    it('says what nothing renders any more', async () => {
      const file = await writeSet(setOf(server.origin));
      await deliver(file, { podinfo: '300000000', api: '1' });
      values = { podinfo: '300000000' };
      const { stdout } = await run('explain', ...target(), file, 'configmap/api');
      assert.match(stdout, /\nnothing renders it any more: a pass deletes flux-system-configmap-api\.yaml/);
    });
  });

  const TUNED_SET = LIST_SET.replace(
    '  templates:',
    `  elementKey: "{{ .Element.name }}"
  tune: [{name: count, from: "{{ .Element.size }}", unit: integer}]
  templates:`,
  ).replace('size: "{{ .Element.size }}"', 'size: "{{ .Element.count }}"');

  const formats: [string, (text: string) => unknown][] = [
    ['json', JSON.parse],
    ['yaml', parseYaml],
  ];
  for (const [format, parse] of formats) {
    it(`gives ${format}, with the decisions and what their inputs read`, async () => {
      const file = await writeSet(TUNED_SET);
      const { stdout, stderr } = await run('explain', '-o', format, file, 'ConfigMap/b', 'data.size');
      assert.match(stderr, /no target is read: decisions are explained as if there were none before/);
      const decision = {
        element: 'b',
        name: 'count',
        value: '2',
        since: '<time>',
        rule: 'Computed',
        input: '2',
      };
      assert.deepEqual(parse(stdout.replace(TIME, '<time>')), {
        set: { namespace: 'flux-system', name: 'list' },
        ...{ id: 'flux-system_b__ConfigMap', path: 'flux-system-configmap-b.yaml', rendered: true },
        fields: [
          {
            ...{ field: 'data.size', value: '2', template: 0, at: `${file}:21:17`, element: 'b' },
            ...{ generator: 0, generatorName: 'list' },
            reads: [{ path: '.Element.count', value: 2 }],
            decisions: [
              { ...decision, proposed: '2', reads: [{ path: '.Element.size', value: 2 }], delivered: false },
            ],
          },
        ],
        omitted: 0,
      });
    });
  }

  it('explains what no target knows of', async () => {
    const { code, stdout, stderr } = await run('explain', await writeSet(LIST_SET), 'configmap/a');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^data\.size = "1"\n {2}<- template .*\n {2}<- element {3}spec\.generators\[0\]\.list\[0\]$/m,
    );
  });

  it('names no file of what is applied to a cluster', async () => {
    const file = await writeSet(`${LIST_SET}  target:\n    apply: {}\n`);
    const { code, stdout } = await run('explain', file, 'configmap/a');
    assert.equal(code, 0);
    assert.equal(stdout.split('\n')[0], 'ConfigMap/flux-system/a');
  });

  it('tells the fields of one text together', async () => {
    const { stdout } = await run('explain', await writeSet(TEXT_SET), 'deployment.apps/apps/a');
    assert.match(
      stdout,
      /\nmetadata\.name = "a"\n[^<]*spec\.replicas = 2\n {2}<- template {2}spec\.templates\[1\], /,
    );
    assert.equal(stdout.match(/<- template/g)?.length, 1);
  });

  it('finds the set that is meant among several', async () => {
    const other = LIST_SET.replace('name: list', 'name: other').replaceAll('name: a', 'name: c');
    const file = await writeSet(`${LIST_SET}---\n${other}`);
    for (const name of ['other', 'flux-system/other']) {
      const { code, stdout } = await run('explain', '--set', name, file, 'configmap/c');
      assert.equal(code, 0);
      assert.match(stdout, /^ConfigMap\/flux-system\/c /);
    }
  });

  const troubles: [string, string, string[], RegExp][] = [
    [
      'an unknown resource',
      LIST_SET,
      ['configmap/x'],
      /^✗ flux-system\/list: no resource "configmap\/x"; the closest are "ConfigMap\/flux-system\/a" and /,
    ],
    [
      'an unknown field',
      LIST_SET,
      ['configmap/a', 'data.sise'],
      /no field "data\.sise"; the closest are "data\.size"/,
    ],
    [
      'several sets',
      `${LIST_SET}---\n${LIST_SET.replace('name: list', 'name: other')}`,
      ['configmap/a'],
      /there are 2 sets: say which with --set, such as --set flux-system\/list/,
    ],
    [
      'an unknown set',
      LIST_SET,
      ['--set', 'lost', 'configmap/a'],
      /no set "lost"; the closest is "flux-system\/list"/,
    ],
    [
      'a generator that fails',
      listSetWith('apiClient: {interval: 1h, endpoint: "http://127.0.0.1:1"}'),
      ['x/a'],
      /generators\[0\]/,
    ],
    ['no resource', LIST_SET, [], /missing required argument 'resource'/],
    [
      'a set with a mistake',
      LIST_SET.replace('interval: 5s', 'interval: 5'),
      ['configmap/a'],
      /spec\.interval/,
    ],
  ];
  for (const [what, text, args, message] of troubles) {
    it(`exits 1 for ${what}`, async () => {
      const { code, stdout, stderr } = await run('explain', await writeSet(text), ...args);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    });
  }

  it('names the elements that are held where a resource is unknown', async () => {
    const file = await writeSet(TUNED_SET.replace('size: 2', 'size: none'));
    const { code, stderr } = await run('explain', file, 'configmap/b');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /no resource "configmap\/b".*\n {2}element b is held \(InputMissing\): count has no valid input/,
    );
  });
});
