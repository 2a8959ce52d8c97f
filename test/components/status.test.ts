import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { GeneratorSetStatus } from '../../src/api/status.ts';
import type { ClusterClient } from '../../src/clients/cluster/cluster-client.ts';
import type { Cluster } from '../../src/clients/cluster/open-cluster.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import type { State } from '../../src/plan/state.ts';
import { addFinalizer, FINALIZER, removeFinalizer } from '../../src/status/finalizer.ts';
import { createStatusWriter, type StatusWriter } from '../../src/status/status-writer.ts';
import type { AuditEvent } from './audit-log.ts';
import { createNamespace, deleteObject, establishCrd } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';
import {
  createSet,
  LOOSE_SET_CRD,
  openTestCluster,
  readSet,
  reportOf,
  type StoredSet,
  stateOf,
  succeeded,
} from './status-fixtures.ts';

const { signal } = new AbortController();

describe('the status of sets on a real kube-apiserver', function suite() {
  this.timeout(120_000);
  const server = useKubeApiserver();
  let cluster: Cluster;
  let writer: StatusWriter;
  let namespace = '';
  let warnings: string[] = [];

  before(async () => {
    await establishCrd(server(), LOOSE_SET_CRD);
    cluster = await openTestCluster(server());
  });
  after(() => cluster?.close());
  beforeEach(async () => {
    namespace = await createNamespace(server());
    warnings = [];
    writer = newWriter();
  });

  function newWriter(): StatusWriter {
    const log = { ...silentLogger, warn: (message: string) => warnings.push(message) };
    return createStatusWriter({ client: cluster.client, log, now: () => new Date() });
  }

  /** What this program asked of the API server since the mark, as `verb resource[/subresource]`. */
  async function requests(mark: number): Promise<string[]> {
    const ours = (await server().audit(mark)).filter((event) => event.userAgent === 'generatorset/test');
    return ours.map(describe);
  }
  function describe({ verb, objectRef }: AuditEvent): string {
    const subresource = objectRef?.subresource ? `/${objectRef.subresource}` : '';
    return `${verb} ${objectRef?.resource}${subresource}`;
  }
  const statusOf = async (set: StoredSet) =>
    (await readSet(server(), set))['status'] as unknown as GeneratorSetStatus | undefined;

  it('is one request for news and none for none, also after a restart', async () => {
    const set = await createSet(server(), namespace, 'a');
    const mark = await server().markAudit();
    const session = await writer.open(set, signal);
    const report = reportOf(succeeded(['ConfigMap/a created']), { state: stateOf(10), elements: 3 });
    assert.equal(await session.finish(report, signal), true);
    assert.deepEqual(await requests(mark), ['patch generatorsets/status']);

    const written = await statusOf(set);
    assert.equal(written?.observedGeneration, 1);
    assert.equal(written?.elements, 3);
    assert.equal(written?.inventory?.entries?.length, 10);
    // The watch has not brought it yet, then it has, then another process comes.
    const lagging = await writer.open(set, signal);
    assert.deepEqual(lagging.previous, written);
    assert.equal(await lagging.finish(reportOf(succeeded()), signal), false);
    const fresh = await readSet(server(), set);
    for (const other of [writer, newWriter()]) {
      const again = await other.open(fresh, signal);
      assert.equal(again.keeper.state?.inventory.length, 10);
      assert.equal(await again.finish(reportOf(succeeded(), { duration: 99 }), signal), false);
    }
    assert.deepEqual(await requests(mark), ['patch generatorsets/status']);
  });

  it('keeps what may exist before it does, and what stands with the outcome', async () => {
    const set = await createSet(server(), namespace, 'a');
    const session = await writer.open(set, signal);
    assert.equal(session.keeper.state, undefined);
    await session.keeper.intend(stateOf(3), signal);
    const intended = await statusOf(set);
    assert.deepEqual(
      intended?.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
      ['Ready=Unknown Progressing', 'Reconciling=True Progressing'],
    );
    assert.equal(intended?.inventory?.count, 3);
    assert.equal(intended?.observedGeneration, undefined);
    session.keeper.keep(stateOf(2));
    await session.finish(reportOf({ type: 'failed', reason: 'ReconciliationFailed', message: 'no' }), signal);
    const failed = await statusOf(set);
    assert.equal(failed?.inventory?.count, 2);
    assert.deepEqual(
      failed?.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
      ['Ready=False ReconciliationFailed', 'Reconciling=True ProgressingWithRetry'],
    );
  });

  it('replaces what somebody else wrote into it', async () => {
    const set = await createSet(server(), namespace, 'a');
    const path = `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets/a/status`;
    const odd = { status: { foreign: true, conditions: [{ type: 'Ready' }], inventory: { entries: 'x' } } };
    await server().request('PATCH', path, odd, { contentType: 'application/merge-patch+json' });
    const session = await writer.open(await readSet(server(), set), signal);
    await session.finish(reportOf(succeeded(), { state: stateOf(1) }), signal);
    const status = await statusOf(set);
    assert.equal(Object.hasOwn(status ?? {}, 'foreign'), false);
    assert.equal(status?.conditions?.[0]?.status, 'True');
    assert.equal(status?.inventory?.count, 1);
  });

  it('is not written to a set that is gone or was made again, and nothing is intended for it', async () => {
    const set = await createSet(server(), namespace, 'a');
    const kind = {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: { name: 'a', namespace },
    };
    const sessions = await Promise.all([1, 2, 3].map(() => newWriter().open(set, signal)));
    await deleteObject(server(), kind);
    assert.equal(await sessions[0]?.finish(reportOf(succeeded()), signal), false);
    await assert.rejects(
      async () => sessions[1]?.keeper.intend(stateOf(1), signal),
      /is gone: nothing is delivered/,
    );
    const again = await createSet(server(), namespace, 'a');
    assert.equal(await sessions[2]?.finish(reportOf(succeeded()), signal), false);
    assert.equal(await statusOf(again), undefined);
    await assert.rejects(async () => sessions[2]?.keeper.intend(stateOf(1), signal), /is gone/);
  });

  it('keeps 20,000 resources in few small shards, and writes one for one that is new', async () => {
    const set = await createSet(server(), namespace, 'large');
    const session = await writer.open(set, signal);
    await session.keeper.intend(stateOf(20_000), signal);
    session.keeper.keep(stateOf(20_000));
    await session.finish(reportOf(succeeded(['all created'])), signal);
    const status = await statusOf(set);
    assert.ok(JSON.stringify(status).length < 256 * 1024);
    assert.equal(status?.inventory?.count, 20_000);
    const shards = await listShards();
    assert.deepEqual(
      shards.map(({ metadata }) => metadata.name).sort(),
      [...(status?.inventory?.shards ?? [])].sort(),
    );
    assert.ok(shards.every((shard) => JSON.stringify(shard).length < 900 * 1024));
    assert.ok(
      shards.every(({ metadata }) => metadata.labels?.['generatorset.dev/inventory-of'] === set.metadata.uid),
    );
    assert.ok(shards.length <= 16, `${shards.length} shards`);

    // One new resource: its shard, the intention, the outcome.
    const mark = await server().markAudit();
    const next = await writer.open(await readSet(server(), set), signal);
    await next.keeper.intend(stateOf(20_001), signal);
    next.keeper.keep(stateOf(20_001));
    await next.finish(reportOf(succeeded(['one created'], 'sha256:2')), signal);
    assert.deepEqual(await requests(mark), [
      'patch configmaps',
      'patch generatorsets/status',
      'patch generatorsets/status',
    ]);

    // One changed resource: the outcome only; nothing new: nothing.
    const later = await server().markAudit();
    const third = await writer.open(await readSet(server(), set), signal);
    third.keeper.keep(stateOf(20_001));
    await third.finish(reportOf(succeeded(['one configured'], 'sha256:3')), signal);
    assert.deepEqual(await requests(later), ['patch generatorsets/status']);

    // Another process reads the shards once, and knows all of it.
    const restarted = await server().markAudit();
    const other = newWriter();
    const fresh = await readSet(server(), set);
    assert.equal((await other.open(fresh, signal)).keeper.state?.inventory.length, 20_001);
    const opened = await other.open(fresh, signal);
    assert.equal(opened.keeper.state?.inventory.length, 20_001);
    assert.equal(await opened.finish(reportOf(succeeded([], 'sha256:3')), signal), false);
    const reads = await requests(restarted);
    assert.deepEqual(new Set(reads), new Set(['get configmaps']));
    assert.equal(reads.length, shards.length);
    assert.deepEqual(warnings, []);
  });

  it('forgets nothing, whichever write it is killed before', async () => {
    const ids = (state: State | undefined) => new Set(state?.inventory.map(({ id }) => id));
    const [small, grown, shrunk] = [stateOf(1500), stateOf(9000), stateOf(700)];
    let kills = 0;
    for (let allowed = 0; kills === allowed; allowed++) {
      const name = `kill-${allowed}`;
      const set = await createSet(server(), namespace, name);
      const first = await writer.open(set, signal);
      await first.finish(reportOf(succeeded(['created']), { state: small }), signal);

      // From one shard to several, and back into the status; every write beyond those that are allowed fails.
      const client = killedAfter(allowed);
      const dying = createStatusWriter({ client, log: silentLogger, now: () => new Date() });
      const session = await dying.open(await readSet(server(), set), signal);
      let certain = small;
      try {
        await session.keeper.intend(grown, signal);
        certain = grown;
        session.keeper.keep(shrunk);
        await session.finish(reportOf(succeeded(['deleted'], 'sha256:2')), signal);
        certain = shrunk;
      } catch {
        kills++;
      }
      const after = await newWriter().open(await readSet(server(), set), signal);
      const known = ids(after.keeper.state);
      const wanted = certain === grown ? shrunk : certain;
      assert.ok(
        wanted.inventory.every(({ id }) => known.has(id)),
        `killed before write ${allowed + 1}`,
      );
    }
    assert.ok(kills >= 4, `killed ${kills} times`);
  });

  /** The API server for somebody who is killed after so many writes; removals that fail are no failure. */
  function killedAfter(writes: number): ClusterClient {
    let left = writes;
    const { client } = cluster;
    return {
      user: undefined,
      request: async (request, until) => {
        if (request.method === 'PATCH' && left-- <= 0) throw new Error('killed');
        return client.request(request, until);
      },
      stream: (request, until) => client.stream(request, until),
      as: (account) => client.as(account),
    };
  }

  it('goes on with the shards that are left when one is lost, and says so', async () => {
    const set = await createSet(server(), namespace, 'a');
    const session = await writer.open(set, signal);
    await session.finish(reportOf(succeeded(['created']), { state: stateOf(8000) }), signal);
    const [shard] = await listShards();
    await deleteObject(server(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: shard?.metadata ?? {} });
    // The process that has read it still knows it; another one knows the rest.
    const before = await readSet(server(), set);
    assert.equal((await writer.open(before, signal)).keeper.state?.inventory.length, 8000);
    const rest = await newWriter().open(before, signal);
    const count = rest.keeper.state?.inventory.length ?? 0;
    assert.ok(count > 1000 && count < 8000, `${count} entries`);
    assert.deepEqual(warnings, [
      'the shards of the inventory are not what the status says: what can be read of them counts',
    ]);
    // The next state makes it whole again.
    await rest.finish(reportOf(succeeded(['configured'], 'sha256:2'), { state: stateOf(8000) }), signal);
    const whole = await newWriter().open(await readSet(server(), set), signal);
    assert.equal(whole.keeper.state?.inventory.length, 8000);
    assert.equal(warnings.length, 1);
  });

  it('removes shards when the status has stopped naming them', async () => {
    const set = await createSet(server(), namespace, 'a');
    const session = await writer.open(set, signal);
    await session.finish(reportOf(succeeded(['created']), { state: stateOf(5000) }), signal);
    assert.ok((await listShards()).length > 0);
    const mark = await server().markAudit();
    const next = await writer.open(await readSet(server(), set), signal);
    await next.finish(reportOf(succeeded(['deleted'], 'sha256:2'), { state: stateOf(900) }), signal);
    assert.deepEqual(await listShards(), []);
    assert.equal((await requests(mark))[0], 'patch generatorsets/status');
    assert.equal((await statusOf(set))?.inventory?.entries?.length, 900);
  });

  it('touches no ConfigMap that is no shard of this very set, whatever the status names', async () => {
    const set = await createSet(server(), namespace, 'a');
    const path = `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets/a/status`;
    const names = ['kube-root-ca.crt', 'a-inventory-0000000000-1-0', '../../secrets/x', 7];
    const status = { inventory: { count: 1, digest: 'x', shards: names } };
    await server().request('PATCH', path, { status }, { contentType: 'application/merge-patch+json' });
    const mark = await server().markAudit();
    const session = await writer.open(await readSet(server(), set), signal);
    await session.finish(reportOf(succeeded(), { state: stateOf(1) }), signal);
    assert.deepEqual(await requests(mark), ['patch generatorsets/status']);
  });

  it('is written in the end, however fast others write into the same set', async () => {
    const set = await createSet(server(), namespace, 'a');
    const path = `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets/a`;
    const contentType = 'application/merge-patch+json';
    let storms = true;
    let writes = 0;
    const storm = async (target: string, body: (n: number) => unknown) => {
      while (storms) {
        const { status } = await server().request('PATCH', target, body(writes), { contentType });
        assert.equal(status, 200);
        writes++;
      }
    };
    const running = [
      storm(path, (n) => ({ metadata: { annotations: { n: String(n) } } })),
      storm(path, (n) => ({ metadata: { labels: { n: String(n) } } })),
      storm(`${path}/status`, (n) => ({ status: { foreign: n } })),
    ];
    const passes = 60;
    for (let pass = 1; pass <= passes; pass++) {
      const session = await writer.open(await readSet(server(), set), signal);
      const message = `pass ${pass}`;
      await session.finish(reportOf({ type: 'failed', reason: 'BuildFailed', message }), signal);
      if (pass === 20) await addFinalizer(cluster.client, set, signal);
      if (pass === 40) await removeFinalizer(cluster.client, await readSet(server(), set), signal);
    }
    storms = false;
    await Promise.all(running);
    const after = await readSet(server(), set);
    assert.equal(
      (after['status'] as unknown as GeneratorSetStatus).conditions?.[0]?.message,
      `pass ${passes}`,
    );
    assert.deepEqual(after.metadata.finalizers ?? [], []);
    assert.ok(writes > passes, `${writes} writes of others`);
  });

  it('adds and removes its finalizer beside those of others, once', async () => {
    const set = await createSet(server(), namespace, 'a');
    const path = `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets/a`;
    const contentType = 'application/merge-patch+json';
    const finalizers = async () => (await readSet(server(), set)).metadata.finalizers ?? [];
    await server().request('PATCH', path, { metadata: { finalizers: ['other.dev/x'] } }, { contentType });
    // What was seen is older than what is there.
    await addFinalizer(cluster.client, set, signal);
    assert.deepEqual(await finalizers(), ['other.dev/x', FINALIZER]);
    const mark = await server().markAudit();
    await addFinalizer(cluster.client, await readSet(server(), set), signal);
    assert.deepEqual(await requests(mark), []);

    await server().request('DELETE', path);
    await removeFinalizer(cluster.client, await readSet(server(), set), signal);
    assert.deepEqual(await finalizers(), ['other.dev/x']);
    assert.deepEqual(await addFinalizer(cluster.client, await readSet(server(), set), signal), {
      isGone: false,
    });
    await server().request('PATCH', path, { metadata: { finalizers: null } }, { contentType });
    assert.deepEqual(
      await removeFinalizer(
        cluster.client,
        { metadata: { ...set.metadata, finalizers: [FINALIZER] } },
        signal,
      ),
      {
        isGone: true,
      },
    );
    const again = await createSet(server(), namespace, 'a');
    const old = { metadata: { ...again.metadata, uid: set.metadata.uid } };
    assert.deepEqual(await addFinalizer(cluster.client, old, signal), { isGone: true });
    await delay(0);
    assert.deepEqual((await readSet(server(), again)).metadata.finalizers, undefined);
  });

  async function listShards(): Promise<KubeObject[]> {
    const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=generatorset.dev/inventory-of`;
    return (await server().request<{ items: KubeObject[] }>('GET', path)).body.items;
  }
});
