import assert from 'node:assert/strict';
import { useKubeApiserver } from '../../../test/components/kube-apiserver.ts';
import { silentLogger } from '../../lib/logger.ts';
import { ApiError } from './api-error.ts';
import type { ApiRequest, ClusterClient } from './cluster-client.ts';
import { createDiscovery } from './discovery.ts';
import { type Cluster, openCluster } from './open-cluster.ts';

const never = new AbortController().signal;
const WIDGETS = { name: 'widgets', kind: 'Widget', namespaced: true, verbs: ['get', 'watch'] };

/** A server of one group whose kinds are the test's, and a clock. */
function world() {
  const at = {
    now: 0,
    resources: [WIDGETS] as object[],
    failure: undefined as Error | undefined,
    asked: [] as string[],
  };
  const request = async ({ path }: ApiRequest) => {
    at.asked.push(path);
    await Promise.resolve();
    if (at.failure) throw at.failure;
    return { kind: 'APIResourceList', resources: at.resources as never };
  };
  const client = { request, user: undefined } as unknown as ClusterClient;
  return { at, discovery: createDiscovery(client, { now: () => at.now }) };
}

describe('createDiscovery', () => {
  it('asks once for a group and version, whoever asks', async () => {
    const { at, discovery } = world();
    const finds = Array.from({ length: 10 }, () => discovery.find('x.dev/v1', 'Widget', never));
    const expected = {
      apiVersion: 'x.dev/v1',
      kind: 'Widget',
      plural: 'widgets',
      namespaced: true,
      verbs: ['get', 'watch'],
    };
    for (const found of await Promise.all(finds)) assert.deepEqual(found, expected);
    at.now = 1e9;
    await discovery.find('x.dev/v1', 'Widget', never);
    assert.deepEqual(at.asked, ['/apis/x.dev/v1']);
  });

  it('asks again for what is missing, at most every 2 s', async () => {
    const { at, discovery } = world();
    const find = () => discovery.find('x.dev/v1', 'Gadget', never);
    assert.equal(await find(), undefined);
    at.resources = [WIDGETS, { ...WIDGETS, name: 'gadgets', kind: 'Gadget' }];
    at.now = 1999;
    assert.equal(await find(), undefined);
    assert.equal(at.asked.length, 1);
    at.now = 2000;
    const found = await Promise.all([find(), find()]);
    assert.deepEqual(
      found.map((it) => it?.plural),
      ['gadgets', 'gadgets'],
    );
    assert.equal(at.asked.length, 2);
  });

  it('asks again at once for a group that it was told to forget', async () => {
    const { at, discovery } = world();
    await discovery.find('x.dev/v1', 'Gadget', never);
    discovery.forget('y.dev');
    await discovery.find('x.dev/v1', 'Gadget', never);
    discovery.forget('x.dev');
    await discovery.find('x.dev/v1', 'Gadget', never);
    assert.equal(at.asked.length, 2);
  });

  it('remembers a group that is not there, and no failure', async () => {
    const { at, discovery } = world();
    at.failure = new ApiError('no', { status: 404, reason: '' });
    for (let i = 0; i < 2; i++) assert.equal(await discovery.find('x.dev/v1', 'Widget', never), undefined);
    assert.equal(at.asked.length, 1);
    at.failure = new Error('down');
    for (let i = 0; i < 2; i++) await assert.rejects(discovery.find('y.dev/v1', 'Widget', never), at.failure);
    at.failure = undefined;
    assert.equal((await discovery.find('y.dev/v1', 'Widget', never))?.plural, 'widgets');
    assert.equal(at.asked.length, 4);
  });

  it('forgets the oldest of very many', async () => {
    const { at, discovery } = world();
    for (let i = 0; i <= 1000; i++) await discovery.find(`g${i}.dev/v1`, 'Widget', never);
    await discovery.find('g1.dev/v1', 'Widget', never);
    assert.equal(at.asked.length, 1001);
    await discovery.find('g0.dev/v1', 'Widget', never);
    assert.equal(at.asked.length, 1002);
  });

  it('lets one who gives up go, and answers the others', async () => {
    const { discovery } = world();
    const controller = new AbortController();
    const first = discovery.find('x.dev/v1', 'Widget', controller.signal);
    const second = discovery.find('x.dev/v1', 'Widget', never);
    controller.abort(new Error('enough'));
    await assert.rejects(first, { message: 'enough' });
    assert.equal((await second)?.plural, 'widgets');
  });

  const odd: [string, object][] = [
    ['a subresource', { ...WIDGETS, name: 'widgets/scale', kind: 'Scale' }],
    ['no kind', { name: 'widgets' }],
    ['no name', { kind: 'Scale' }],
    ['numbers', { name: 1, kind: 2 }],
  ];
  for (const [what, resource] of odd) {
    it(`leaves out an entry that is ${what}`, async () => {
      const { at, discovery } = world();
      at.resources = [resource, { ...WIDGETS, verbs: undefined }];
      assert.equal(await discovery.find('x.dev/v1', 'Scale', never), undefined);
      assert.deepEqual((await discovery.find('x.dev/v1', 'Widget', never))?.verbs, []);
    });
  }

  it('refuses what is no group and version', async () => {
    const { at, discovery } = world();
    for (const apiVersion of ['', '/', '../v1', 'a/b/c', 'a/../b']) {
      await assert.rejects(discovery.find(apiVersion, 'Widget', never), {
        message: /cannot be part of a path/,
      });
    }
    assert.deepEqual(at.asked, []);
  });
});

describe('createDiscovery on a real API server', () => {
  const server = useKubeApiserver({ audit: 'None' });
  let cluster: Cluster;
  before(async () => {
    cluster = await openCluster({ kubeconfig: server().kubeconfig, userAgent: 'test', log: silentLogger });
  });
  after(() => cluster?.close());

  const kinds: [string, string, string, boolean][] = [
    ['v1', 'ConfigMap', 'configmaps', true],
    ['v1', 'Namespace', 'namespaces', false],
    ['v1', 'Endpoints', 'endpoints', true],
    ['apps/v1', 'Deployment', 'deployments', true],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', false],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', true],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', false],
  ];
  for (const [apiVersion, kind, plural, namespaced] of kinds) {
    it(`knows ${plural} of ${apiVersion}, with and without rights`, async () => {
      const nobody = cluster.client.as({ namespace: 'default', name: 'nobody' });
      for (const client of [cluster.client, nobody]) {
        const found = await createDiscovery(client, { now: () => 0 }).find(apiVersion, kind, never);
        const { plural: name, verbs = [], ...rest } = found ?? {};
        assert.ok(verbs.includes('watch'));
        assert.deepEqual({ name, ...rest }, { name: plural, apiVersion, kind, namespaced });
      }
    });
  }

  it('knows no kind that is not there', async () => {
    const discovery = createDiscovery(cluster.client, { now: () => 0 });
    for (const [apiVersion, kind] of [
      ['v1', 'Scale'],
      ['v1', 'Widget'],
      ['nobody.dev/v1', 'Widget'],
      ['apps/v9', 'Deployment'],
    ]) {
      assert.equal(await discovery.find(apiVersion as string, kind as string, never), undefined);
    }
  });
});
