import assert from 'node:assert/strict';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  establishCrd,
  grantRole,
  waitFor,
} from '../../../test/components/cluster-objects.ts';
import { useKubeApiserver } from '../../../test/components/kube-apiserver.ts';
import type { ObjectRef } from '../../api/readers.ts';
import { silentLogger } from '../../lib/logger.ts';
import { createClusterReader } from './cluster-reader.ts';
import { createDiscovery } from './discovery.ts';
import { type Cluster, openCluster } from './open-cluster.ts';

const never = new AbortController().signal;

/** A minimal definition; everything that isn't checked here is left open. */
const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.reader.dev' },
  spec: {
    group: 'reader.dev',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

describe('createClusterReader', function () {
  this.timeout(60_000);
  const server = useKubeApiserver();
  const clusters: Cluster[] = [];
  after(() => Promise.all(clusters.map((it) => it.close())));

  async function open(kubeconfig = server().kubeconfig): Promise<Cluster> {
    const cluster = await openCluster({ kubeconfig, userAgent: 'test', log: silentLogger });
    clusters.push(cluster);
    return cluster;
  }

  const configMap = (namespace: string, name: string): ObjectRef => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace,
    name,
  });

  it('reads objects, tells of each, and has nothing for those that are missing', async () => {
    const namespace = await createNamespace(server());
    const data = { number: '9007199254740993' };
    await applyObject(server(), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace },
      data,
    });
    const { client } = await open();
    const read: string[] = [];
    const discovery = createDiscovery(client, { now: () => performance.now() });
    const onRead = (ref: ObjectRef, kind: { plural: string }) => read.push(`${kind.plural} ${ref.name}`);
    const reader = createClusterReader({ client, discovery, onRead });
    assert.deepEqual((await reader.get(configMap(namespace, 'a'), never))?.['data'], data);
    assert.equal(await reader.get(configMap(namespace, 'b'), never), undefined);
    const self = await reader.get(
      { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: namespace },
      never,
    );
    assert.equal(self?.metadata.name, namespace);
    assert.deepEqual(read, ['configmaps a', 'configmaps b', `namespaces ${namespace}`]);
  });

  it('lists objects that a selector takes, each with its kind, in the order of their names', async () => {
    const namespace = await createNamespace(server());
    for (const [name, team] of [
      ['b', 'x'],
      ['a', 'x'],
      ['c', 'y'],
    ]) {
      const metadata = { name: name as string, namespace, labels: { team: team as string } };
      await applyObject(server(), { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    }
    const { client } = await open();
    const reader = createClusterReader({
      client,
      discovery: createDiscovery(client, { now: () => performance.now() }),
    });
    const maps = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace,
      labelSelector: { matchLabels: { team: 'x' } },
    };
    const found = await reader.list(maps, never);
    assert.deepEqual(
      found.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name]),
      [
        ['v1', 'ConfigMap', 'a'],
        ['v1', 'ConfigMap', 'b'],
      ],
    );
    const everywhere = await reader.list({ ...maps, namespace: '' }, never);
    assert.ok(everywhere.length >= 2);
    const spaces = await reader.list({ apiVersion: 'v1', kind: 'Namespace', namespace }, never);
    assert.ok(spaces.some(({ metadata }) => metadata.name === namespace));
  });

  it('says who may not list what, where, and what would allow it', async () => {
    const namespace = await createNamespace(server());
    const account = await createServiceAccount(server(), { name: 'tenant', namespace });
    const { client } = await open();
    const discovery = createDiscovery(client, { now: () => performance.now() });
    const reader = createClusterReader({ client: client.as(account), discovery });
    for (const [place, words] of [
      [
        namespace,
        `secrets in namespace ${namespace}: grant it the verb list on secrets by a Role in namespace ${namespace}`,
      ],
      ['', 'secrets in all namespaces: grant it the verb list on secrets by a ClusterRole'],
    ] as const) {
      await assert.rejects(reader.list({ apiVersion: 'v1', kind: 'Secret', namespace: place }, never), {
        message: `${account.user} may not list ${words}`,
      });
    }
  });

  it('names a kind that the cluster does not have, also when it has gone meanwhile', async () => {
    const { client } = await open();
    let now = 0;
    const reader = createClusterReader({ client, discovery: createDiscovery(client, { now: () => now }) });
    const ref = { apiVersion: 'reader.dev/v1', kind: 'Widget', namespace: 'default', name: 'a' };
    const missing = { message: 'the cluster has no kind Widget in reader.dev/v1' };
    await assert.rejects(reader.get(ref, never), missing);
    await establishCrd(server(), CRD);
    now = 2000;
    await waitFor('the kind to be found', async () => {
      now += 2000;
      return (
        (await reader.get(ref, never).then(
          () => true,
          () => false,
        )) || undefined
      );
    });
    await deleteObject(server(), CRD);
    await waitFor('the kind to be gone', async () => {
      now += 2000;
      const error = await reader.get(ref, never).then(
        () => undefined,
        (it: Error) => it,
      );
      return error?.message === missing.message || undefined;
    });
  });

  it('says who may not read what, where, and what would allow it', async () => {
    const namespace = await createNamespace(server());
    const account = await createServiceAccount(server(), { name: 'tenant', namespace });
    const { client } = await open();
    const discovery = createDiscovery(client, { now: () => performance.now() });
    const reader = createClusterReader({ client: client.as(account), discovery });
    const refs: [ObjectRef, string][] = [
      [
        { apiVersion: 'v1', kind: 'Secret', namespace, name: 's' },
        `secrets/s in namespace ${namespace}: grant it the verb get on secrets by a Role in namespace ${namespace}`,
      ],
      [
        { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'd' },
        'deployments.apps/d in namespace default: grant it the verb get on deployments.apps by a Role in namespace default',
      ],
      [
        { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'n' },
        'nodes/n: grant it the verb get on nodes by a ClusterRole',
      ],
      [
        { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'tenant' },
        `serviceaccounts/tenant in namespace ${namespace}: grant it the verb get on serviceaccounts by a Role in namespace ${namespace}`,
      ],
    ];
    for (const [ref, words] of refs) {
      await assert.rejects(reader.get(ref, never), { message: `${account.user} may not get ${words}` });
    }
  });

  it('says when it is the controller that lacks the right to impersonate', async () => {
    const { client } = await open(await server().kubeconfigFor(server().tokens.controller));
    const discovery = createDiscovery(client, { now: () => performance.now() });
    const tenant = client.as({ namespace: 'default', name: 'tenant' });
    const user = 'system:serviceaccount:default:tenant';
    await assert.rejects(
      createClusterReader({ client: tenant, discovery }).get(configMap('default', 'a'), never),
      {
        message: `the controller may not act as ${user}: grant it the verb impersonate on serviceaccounts`,
      },
    );
    await assert.rejects(createClusterReader({ client, discovery }).get(configMap('default', 'a'), never), {
      message: /^the controller may not get configmaps\/a in namespace default: grant/,
    });
  });

  it('reads as the account that may', async () => {
    const namespace = await createNamespace(server());
    const account = await createServiceAccount(server(), { name: 'tenant', namespace });
    await grantRole(server(), { user: account.user, namespace, name: 'read' }, [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['mine'], verbs: ['get'] },
    ]);
    for (const name of ['mine', 'other']) {
      await applyObject(server(), { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
    }
    const { client } = await open();
    const discovery = createDiscovery(client, { now: () => performance.now() });
    const reader = createClusterReader({ client: client.as(account), discovery });
    const secret = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'Secret', namespace, name });
    await waitFor('the right to reach the authorizer', () => reader.get(secret('mine'), never));
    await assert.rejects(reader.get(secret('other'), never), { message: /may not get secrets\/other/ });
  });
});
