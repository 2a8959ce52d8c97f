import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cluster, openCluster } from '../../src/clients/cluster/open-cluster.ts';
import type { SharedWatches, WatchedObject, WatchScope } from '../../src/clients/cluster/shared-watches.ts';
import { systemWatchClock } from '../../src/clients/cluster/watch-clock.ts';
import { createSharedWatches } from '../../src/clients/cluster/watch-sharing.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { type BreakingProxy, startBreakingProxy } from '../harness/breaking-proxy.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { soakWatches } from '../harness/watch-soak.ts';
import { applyObject, createNamespace, deleteObject, grantRole, waitFor } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import { kubeconfigText } from './kube-apiserver-files.ts';
import type { KubeObject } from './kube-request.ts';

const CONFIG_MAPS = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: ['list', 'watch'],
} as const;

const MERGE = { contentType: 'application/merge-patch+json' };

describe('watches of a real API server', function suite() {
  this.timeout(120_000);
  const server = useKubeApiserver({ audit: 'None' });
  const folder = useTemporaryFolder();
  const { signal } = new AbortController();
  let proxy: BreakingProxy;
  let cluster: Cluster;
  let watches: SharedWatches;
  let namespace = '';

  beforeEach(async () => {
    proxy = await startBreakingProxy(server());
    const kubeconfig = join(folder.path, 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigText(proxy, server().adminToken));
    cluster = await openCluster({ kubeconfig, userAgent: 'test', log: silentLogger });
    watches = createWatches();
    namespace = await createNamespace(server());
  });
  afterEach(async () => {
    await watches.close();
    await cluster.close();
    await proxy.close();
  });

  function createWatches(): SharedWatches {
    const timing = { slowRetry: { min: 200, max: 200 } };
    const clock = systemWatchClock;
    return createSharedWatches({ clock, random: Math.random, log: silentLogger, timing, linger: 100 });
  }

  function scope(parts: Partial<WatchScope> = {}): WatchScope {
    return { client: cluster.client, kind: CONFIG_MAPS, namespace, ...parts };
  }

  function configMap(name: string, parts: object = {}): KubeObject {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, ...parts };
  }

  it('lose no event of 2,000 changes in 100 breaks of all kinds', async () => {
    const figures = await soakWatches({
      server: server(),
      folder: folder.path,
      breaks: 100,
      changes: 2000,
      namespaces: 6,
      objects: 200,
      random: Math.random,
    });
    assert.equal(figures.misses, 0);
    assert.equal(figures.listenersFailed, 0);
    assert.ok(figures.relists > 0 && figures.breaks === 100 && figures.changes >= 2000);
  });

  it('are one for a thousand holders, and end a while after the last one', async () => {
    await applyObject(server(), configMap('a'));
    let told = 0;
    const handles = Array.from({ length: 1000 }, () => watches.acquire(scope(), () => void told++));
    await Promise.all(handles.map((handle) => handle.synced(signal)));
    await waitFor('the watch', () => proxy.watched().length === 1);
    assert.deepEqual([proxy.counts.watches, proxy.counts.others], [1, 1]);
    await applyObject(server(), configMap('b'));
    await waitFor('all to be told', () => told === 2000);
    assert.ok(handles.every((handle) => handle.get(`${namespace}/b`) !== undefined && handle.isFresh()));
    for (const handle of handles) handle.release();
    await waitFor('the watch to end', () => proxy.watched().length === 0);
  });

  it('see what carries the label, and what loses it', async () => {
    const labels = { 'generatorset.dev/name': 'set', 'generatorset.dev/namespace': 'flux-system' };
    const annotations = { 'generatorset.dev/prune': 'disabled', other: 'x' };
    const metadata = { name: 'ours', namespace, labels, annotations };
    await applyObject(server(), configMap('theirs'));
    await applyObject(server(), configMap('ours', { metadata }));
    const handle = watches.acquire(scope({ labelSelector: 'generatorset.dev/name' }), () => {});
    assert.equal(await handle.synced(signal), true);
    assert.equal(handle.get(`${namespace}/theirs`), undefined);
    const seen = handle.get(`${namespace}/ours`);
    assert.deepEqual([seen?.ownerName, seen?.ownerNamespace], ['set', 'flux-system']);
    assert.deepEqual(seen?.annotations, { 'generatorset.dev/prune': 'disabled' });
    const path = `/api/v1/namespaces/${namespace}/configmaps/ours`;
    await server().request('PATCH', path, { metadata: { labels: { 'generatorset.dev/name': null } } }, MERGE);
    await waitFor('it to be out of sight', () => handle.get(`${namespace}/ours`) === undefined);
  });

  it('say that they may not, and come back when they may', async () => {
    const client = cluster.client.as({ namespace, name: 'tenant' });
    const handle = watches.acquire(scope({ client }), () => {});
    assert.equal(await handle.synced(signal), false);
    assert.equal(handle.isFresh(), false);
    const user = client.user as string;
    await applyObject(server(), configMap('a'));
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'watch'] }];
    await grantRole(server(), { user, namespace, name: 'tenant' }, rules);
    await waitFor('the right to be used', () => handle.isFresh());
    assert.equal(await handle.synced(signal), true);
    assert.ok(handle.get(`${namespace}/a`));
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' };
    await deleteObject(server(), { ...role, metadata: { name: 'tenant', namespace } });
    proxy.breakStream(`/api/v1/namespaces/${namespace}/configmaps`, 'reset');
    await waitFor('the right to be missed', async () => !(await handle.synced(signal)));
    assert.equal(handle.isFresh(), false);
  });

  it('say that there is no such kind', async () => {
    const kind = { ...CONFIG_MAPS, apiVersion: 'example.com/v1', plural: 'nothings' };
    const handle = watches.acquire(scope({ kind }), () => {});
    assert.equal(await handle.synced(signal), false);
  });

  describe('tell by the digest of our fields', () => {
    const ours = { fieldManager: 'generatorset' };
    let path = '';
    let handle: ReturnType<SharedWatches['acquire']>;
    let before: WatchedObject;

    beforeEach(async () => {
      path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      await applyObject(server(), configMap('a', { data: { mine: '1', also: '2' } }), ours);
      handle = watches.acquire(scope(), () => {});
      await handle.synced(signal);
      before = handle.get(`${namespace}/a`) as WatchedObject;
      assert.match(before.owned ?? '', /^sha256:/);
    });

    /** What is seen of the object after a write. */
    async function seenAfter(write: () => Promise<unknown>): Promise<WatchedObject> {
      await write();
      const { body } = await server().request<KubeObject>('GET', path);
      const version = body.metadata.resourceVersion;
      const isSeen = () => handle.get(`${namespace}/a`)?.resourceVersion === version;
      await waitFor(`version ${version}`, isSeen);
      return handle.get(`${namespace}/a`) as WatchedObject;
    }

    for (const [name, write] of [
      [
        'we apply the same again',
        () => applyObject(server(), configMap('a', { data: { mine: '1', also: '2' } }), ours),
      ],
      [
        'another applies a field of its own',
        () => applyObject(server(), configMap('a', { data: { theirs: '3' } })),
      ],
      [
        'another applies our value, too',
        () => applyObject(server(), configMap('a', { data: { mine: '1' } })),
      ],
      [
        'another patches a field of its own',
        () => server().request('PATCH', path, { data: { theirs: '3' } }, MERGE),
      ],
      [
        'another writes a label',
        () => server().request('PATCH', path, { metadata: { labels: { a: 'b' } } }, MERGE),
      ],
    ] as [string, () => Promise<unknown>][]) {
      it(`that nothing of ours is touched when ${name}`, async () => {
        assert.equal((await seenAfter(write)).owned, before.owned);
      });
    }

    for (const [name, write] of [
      ['another patches our value', () => server().request('PATCH', path, { data: { mine: 'x' } }, MERGE)],
      [
        'another removes a field of ours',
        () => server().request('PATCH', path, { data: { mine: null } }, MERGE),
      ],
      [
        'another puts a whole object',
        () => server().request('PUT', path, configMap('a', { data: { mine: '1' } })),
      ],
      [
        'another takes our value by force',
        () => applyObject(server(), configMap('a', { data: { mine: 'x' } })),
      ],
      [
        'another forgets the managers',
        () => server().request('PATCH', path, { metadata: { managedFields: [{}] } }, MERGE),
      ],
      ['we apply other fields', () => applyObject(server(), configMap('a', { data: { mine: '1' } }), ours)],
    ] as [string, () => Promise<unknown>][]) {
      it(`that something of ours is touched when ${name}`, async () => {
        assert.notEqual((await seenAfter(write)).owned, before.owned);
      });
    }

    it('nothing of a change of our own value, which the answer says', async () => {
      const seen = await seenAfter(() =>
        applyObject(server(), configMap('a', { data: { mine: 'new', also: '2' } }), ours),
      );
      assert.equal(seen.owned, before.owned);
      assert.notEqual(seen.resourceVersion, before.resourceVersion);
    });

    it('that the status of an object is not ours', async () => {
      const deployment = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd', namespace },
        spec: {
          selector: { matchLabels: { app: 'd' } },
          template: {
            metadata: { labels: { app: 'd' } },
            spec: { containers: [{ name: 'c', image: 'i' }] },
          },
        },
      };
      await applyObject(server(), deployment, ours);
      const kind = { ...CONFIG_MAPS, apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' };
      const deployments = watches.acquire(scope({ kind }), () => {});
      await deployments.synced(signal);
      const key = `${namespace}/d`;
      const first = deployments.get(key);
      const status = `/apis/apps/v1/namespaces/${namespace}/deployments/d/status`;
      await server().request('PATCH', status, { status: { replicas: 1 } }, MERGE);
      await waitFor('the status', () => deployments.get(key)?.resourceVersion !== first?.resourceVersion);
      assert.equal(deployments.get(key)?.owned, first?.owned);
    });
  });
});
