import assert from 'node:assert/strict';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { annotate } from '../harness/controller-suite.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';
import { applyObject, createNamespace } from './cluster-objects.ts';
import { findFreePort } from './free-port.ts';
import { useLiveCommands } from './live-commands.ts';

/** A set that tunes a number that it asks for. */
function tunedSet(namespace: string, endpoint: string, spec: object = {}): ClusterSet {
  return clusterSet(namespace, [], {
    name: 'memory',
    spec: {
      interval: '24h',
      elementKey: '{{ .Element.name }}',
      generators: [{ apiClient: { interval: '24h', endpoint } }],
      tune: [{ name: 'limit', from: '{{ .Element.bytes }}', roundUp: '16Mi', margin: '0%' }],
      templates: [
        {
          content: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: '{{ .Element.name }}' },
            data: { limit: '{{ .Element.limit }}', other: 'text' },
          },
        },
      ],
      ...spec,
    },
  });
}

describe('generatorset explain, plan and build of a set in a cluster', function () {
  this.timeout(120_000);
  const { server, run } = useLiveCommands();
  let namespace: string;
  let source: TestServer;
  let bytes = 60_000_000;
  before(async () => {
    source = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify([{ name: 'web', bytes }]));
    });
  });
  after(() => source.close());
  beforeEach(async () => {
    bytes = 60_000_000;
    namespace = await createNamespace(server(), 'explain');
    const set = tunedSet(namespace, `${source.origin}/usage`);
    await applyObject(server(), set);
    await waitForCondition(server(), set, { status: 'True' });
  });
  const inNamespace = (...args: string[]) => run(...args, '-n', namespace, '--allow-loopback');

  it('explains a field as a pass would render it now, with what the status remembers', async () => {
    const { code, stdout, stderr } = await inNamespace(
      'explain',
      'gset/memory',
      'ConfigMap/web',
      'data.limit',
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^data\.limit = "64Mi"$/m);
    assert.match(
      stdout,
      /<- decision {2}limit = 64Mi: Computed from 60000000, the first value, since \d{4}-/,
    );
    assert.match(stdout, /<- answer {4}\.Element\.bytes = 60000000$/m);
  });

  it('explains by the status where a generator cannot be asked from here', async () => {
    const nowhere = `http://127.0.0.1:${await findFreePort()}/`;
    await applyObject(server(), tunedSet(namespace, nowhere, { suspend: true }));
    const { code, stdout, stderr } = await inNamespace('explain', 'gset/memory', 'ConfigMap/web');
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^ConfigMap\/\S+\/web\nnot rendered, since not every generator can be asked from here: .*127\.0\.0\.1/,
    );
    assert.match(stdout, /^This is what the status of \S+\/memory says, and the cluster:$/m);
    assert.match(stdout, /^data\.limit = "64Mi", in the cluster$/m);
    assert.match(stdout, /<- decision {2}limit = 64Mi: Computed from 60000000, the first value, since /);
    assert.doesNotMatch(stdout, /data\.other/);
    const field = await inNamespace('explain', 'gset/memory', 'ConfigMap/web', 'data.other', '-o', 'json');
    const told = JSON.parse(field.stdout) as { rendered: boolean; fields: object[]; decisions: object[] };
    assert.equal(told.rendered, false);
    assert.deepEqual(told.fields, [{ field: 'data.other', value: 'text' }]);
    assert.equal(told.decisions.length, 1);
    const unknown = await inNamespace('explain', 'gset/memory', 'ConfigMap/wep');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /no resource "ConfigMap\/wep"; the closest is "ConfigMap\/\S+\/web"/);
  });

  it('plans with the decisions of the status, and says how the controller delivers it', async () => {
    bytes = 90_000_000;
    const { code, stdout, stderr } = await inNamespace('plan', 'gset/memory');
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^ {2}target: the cluster https:\/\/127\.0\.0\.1:\d+, as the user of the kubeconfig$/m,
    );
    assert.match(stdout, /^ {2}~ ConfigMap\/\S+\/web {2}configured$/m);
    assert.match(stdout, /^ {6}data\.limit: 64Mi -> 96Mi$/m);
    assert.match(stdout, /^ {4}web +limit +64Mi -> 96Mi +Computed/m);
    assert.match(stdout, new RegExp(`^ {4}generatorset reconcile memory --namespace ${namespace}$`, 'm'));
  });

  it('plans the same held digest that the status shows', async () => {
    await applyObject(
      server(),
      tunedSet(namespace, `${source.origin}/usage`, { guard: { maxChange: '10%' } }),
    );
    bytes = 200_000_000;
    const set = tunedSet(namespace, '');
    await annotate(server(), set, { 'reconcile.fluxcd.io/requestedAt': 'now' });
    const stored = await waitForCondition(server(), set, { type: 'Held', status: 'True' });
    const { stdout } = await inNamespace('plan', 'gset/memory');
    const { digest } = stored.status?.held ?? {};
    assert.match(
      stdout,
      new RegExp(`generatorset reconcile memory --namespace ${namespace} --approve ${digest}`),
    );
  });

  it('lets a set of the cluster reach nothing of this machine, unless it is told to', async () => {
    const own = `file://${process.cwd()}`;
    const path = { path: process.cwd() };
    const list = [{ list: { elements: [{ name: 'a', bytes: 1 }] } }];
    const sets: [spec: object, words: RegExp, flag: string][] = [
      [{}, /127\.0\.0\.1.*a loopback address is refused/, '--allow-loopback'],
      [
        { generators: list, target: { directory: path } },
        /no files of this machine, unless --allow-file/,
        '--allow-file',
      ],
      [
        { generators: list, target: { git: { url: own, branch: 'no-such-branch', path: 'x' } } },
        /local path, which is not allowed/,
        '--allow-file',
      ],
    ];
    for (const [spec, words, flag] of sets) {
      const endpoint = `${source.origin}/usage`;
      await applyObject(server(), tunedSet(namespace, endpoint, { suspend: true, ...spec }));
      const refused = await run('plan', 'gset/memory', '-n', namespace);
      assert.deepEqual([refused.code, refused.stdout], [1, ''], refused.stderr);
      assert.match(refused.stderr, words);
      const allowed = await run('plan', 'gset/memory', '-n', namespace, flag);
      assert.doesNotMatch(allowed.stderr, words);
    }
  });

  it('builds what it renders, also for a set with files beside it', async () => {
    const { code, stdout, stderr } = await inNamespace('build', 'gset/memory');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^kind: ConfigMap$/m);
    const missing = await inNamespace('build', 'gset/memoy');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /memoy.*memory/);
  });
});
