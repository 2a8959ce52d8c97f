import assert from 'node:assert/strict';
import { cp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ApiStream, ClusterClient } from '../../src/clients/cluster/cluster-client.ts';
import { listPages } from '../../src/clients/cluster/list-pages.ts';
import { ListWatch } from '../../src/clients/cluster/list-watch.ts';
import type { WatchTiming } from '../../src/clients/cluster/list-watch-options.ts';
import { type Cluster, openCluster } from '../../src/clients/cluster/open-cluster.ts';
import { systemWatchClock } from '../../src/clients/cluster/watch-clock.ts';
import { identify, versionOf } from '../../src/clients/cluster/watch-event.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createNamespace, waitFor } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

const TIMING: Partial<WatchTiming> = { relistSpread: 100, inactivity: 5000, retry: { min: 100, max: 1000 } };

describe('watches of an API server that fails', function suite() {
  this.timeout(180_000);
  const server = useKubeApiserver({ audit: 'None' });
  let cluster: Cluster;
  let stop: AbortController;
  let ended: Promise<void> | undefined;
  let path = '';
  let watch: ListWatch<string>;
  let told: (string | undefined)[];
  let counts: { relisted: number; missed: number };

  beforeEach(async () => {
    const { kubeconfig } = server();
    cluster = await openCluster({ kubeconfig, userAgent: 'test', log: silentLogger });
    path = `/api/v1/namespaces/${await createNamespace(server())}/configmaps`;
    stop = new AbortController();
    told = [];
    counts = { relisted: 0, missed: 0 };
  });
  afterEach(async () => {
    stop.abort();
    await ended;
    await cluster.close();
  });

  async function start(timing = TIMING, client: ClusterClient = cluster.client): Promise<void> {
    watch = new ListWatch<string>({
      client,
      path,
      metadataOnly: true,
      strip: versionOf,
      versionOf: (version) => version,
      onChange: (_key, _before, after) => told.push(after),
      clock: systemWatchClock,
      random: Math.random,
      log: silentLogger,
      timing,
      metrics: {
        broken: () => {},
        relisted: () => void counts.relisted++,
        cacheMiss: (count) => {
          counts.missed += count;
        },
        listenerFailed: () => {},
      },
    });
    ended = watch.run(stop.signal);
    await watch.synced;
  }

  async function put(...names: string[]): Promise<void> {
    for (const name of names) {
      const value = { data: { value: `${Math.random()}` } };
      const merge = { contentType: 'application/merge-patch+json' };
      const { status } = await server().request('PATCH', `${path}/${name}`, value, merge);
      if (status === 404) await server().request('POST', path, { metadata: { name }, ...value });
    }
  }

  async function listed(): Promise<Map<string, string>> {
    const { body } = await server().request<{ items: never[] }>('GET', path);
    return new Map(body.items.map((item) => [identify(item).key, versionOf(item)]));
  }

  async function untilEqual(): Promise<void> {
    await waitFor(
      'the cache to be equal',
      async () => {
        assert.deepEqual(new Map([...watch.entries()].sort()), new Map([...(await listed())].sort()));
        return watch.isFresh();
      },
      60_000,
    );
  }

  /** Ends server and storage, does something to the data, and starts both again. */
  async function whileDown(act: (data: string) => Promise<void>): Promise<void> {
    await server().stop('SIGKILL');
    await server().stopEtcd();
    await act(join(dirname(server().kubeconfig), 'etcd'));
    await server().startEtcd();
    await server().start();
  }

  async function askEtcd(call: string, body: object): Promise<void> {
    const line = await readFile(`/proc/${server().pids.etcd}/cmdline`, 'utf8');
    const url = /--listen-client-urls=([^\0]+)/.exec(line)?.[1];
    const answer = await fetch(`${url}/v3/kv/${call}`, { method: 'POST', body: JSON.stringify(body) });
    assert.equal(answer.status, 200);
  }

  it('come back after a restart that takes 10 s, and see what was deleted', async () => {
    await put('a', 'b');
    await start();
    await server().restart({ downFor: 10_000, signal: 'SIGKILL' });
    await server().request('DELETE', `${path}/b`);
    await put('a', 'c');
    await untilEqual();
    assert.deepEqual([watch.size, counts.missed], [2, 0]);
    assert.equal(told.filter((after) => after === undefined).length, 1);
  });

  it('list anew when the server has forgotten their version', async () => {
    await put('a', 'b');
    const { client } = cluster;
    const versions: string[] = [];
    const opened: ApiStream[] = [];
    await start(TIMING, {
      ...client,
      request: (...args) => client.request(...args),
      stream: async ({ query, ...request }, signal) => {
        const version = versions.length === 1 ? '1' : String(query?.['resourceVersion']);
        versions.push(version);
        opened.push(
          await client.stream({ ...request, query: { ...query, resourceVersion: version } }, signal),
        );
        return opened.at(-1) as ApiStream;
      },
    });
    await waitFor('the first watch', () => opened.length === 1);
    opened[0]?.destroy();
    await server().request('DELETE', `${path}/b`);
    await waitFor('the new list', () => counts.relisted === 1);
    await untilEqual();
    assert.deepEqual([watch.size, versions[1], counts.missed], [1, '1', 0]);
  });

  it('are silent while the server is frozen, and come back with it', async () => {
    await put('a');
    await start({ ...TIMING, inactivity: 1000, opening: 1000 });
    server().pause();
    await waitFor('the silence to be noticed', () => !watch.isFresh());
    server().resume();
    await put('a', 'b');
    await untilEqual();
    assert.equal(counts.relisted, 0);
  });

  it('keep what they know while the storage is gone', async () => {
    await put('a', 'b');
    await start();
    await server().stopEtcd();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal(watch.size, 2);
    assert.equal(told.length, 2);
    await server().startEtcd();
    await put('b', 'c');
    await untilEqual();
  });

  it('begin a list anew when its pages have expired', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    const pages: string[] = [];
    const { client } = cluster;
    const compacting = {
      ...client,
      request: async (...[request, signal]: Parameters<typeof client.request>) => {
        if (request.query?.['continue'] && pages.length === 1) {
          await put('a', 'b', 'a');
          const [{ metadata }] = [
            (await server().request<{ metadata: { resourceVersion: string } }>('GET', path)).body,
          ];
          await askEtcd('compaction', { revision: metadata.resourceVersion, physical: true });
        }
        pages.push(request.query?.['continue'] ? 'next' : 'first');
        return client.request(request, signal);
      },
    };
    const listing = { client: compacting, path, query: {}, accept: 'application/json', pageSize: 2 };
    const { items } = await listPages(listing, (object) => identify(object), stop.signal);
    assert.deepEqual(pages, ['first', 'next', 'first', 'next', 'next']);
    assert.deepEqual(new Map(items.map((it) => [it.key, it.resourceVersion])), await listed());
  });

  it('believe nothing of their cache when the storage was restored from a backup', async () => {
    await put('a', 'b', 'c');
    const backup = join(dirname(server().kubeconfig), 'backup');
    await whileDown((data) => cp(data, backup, { recursive: true }));
    await start();
    await put('a', 'd', 'e', 'f', 'g');
    await server().request('DELETE', `${path}/b`);
    await untilEqual();
    await whileDown(async (data) => {
      await rm(data, { recursive: true });
      await cp(backup, data, { recursive: true });
    });
    await untilEqual();
    assert.deepEqual([...watch.entries()].map(([key]) => key.split('/')[1]).sort(), ['a', 'b', 'c']);
    await put('a', 'z');
    await untilEqual();
  });
});
