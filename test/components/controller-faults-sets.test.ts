import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClusterSet, clusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { type AnswerServer, answeredSet } from '../harness/controller-answers.ts';
import {
  annotate,
  eventsOf,
  patchObject,
  requestsIn,
  useController,
  writesIn,
} from '../harness/controller-suite.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';
import { isWrite } from './audit-log.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  readObject,
  waitFor,
} from './cluster-objects.ts';
import { proveNoneBlocks } from './controller-faults-restarts.ts';
import type { KubeObject } from './kube-request.ts';

const READY = { status: 'True', reason: 'ReconciliationSucceeded' } as const;

describe('a set that changes under a pass', function suite() {
  this.timeout(60_000);
  const { server, controller } = useController({
    flags: ['--min-retry-delay=250ms', '--max-retry-delay=1s'],
  });
  let slow: SlowServer;
  let namespace: string;
  before(async () => {
    slow = await startSlowServer();
  });
  after(() => slow?.close());
  beforeEach(async () => {
    slow.release();
    namespace = await createNamespace(server());
  });

  const configMap = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
  });
  const isGone = (object: KubeObject) =>
    waitFor(
      `${object.kind} to be gone`,
      async () => (await readObject(server(), object)) === undefined,
      20_000,
    );
  const slowSet = (): ClusterSet =>
    answeredSet(namespace, { url: slow.origin } as AnswerServer, { name: 'teams' });

  it('is deleted: nothing is made for it any more, and it goes at once', async () => {
    slow.names = ['a'];
    const set = slowSet();
    await applyObject(server(), set);
    await waitForCondition(server(), set, READY);
    slow.names = ['a', 'b', 'c'];
    slow.hold();
    await annotate(server(), set, { 'reconcile.fluxcd.io/requestedAt': '1' });
    await waitFor('the query', () => slow.waiting > 0);
    const mark = await server().markAudit();
    await deleteObject(server(), set);
    await isGone(set);
    slow.release();
    await delay(1500);
    assert.deepEqual(await writesIn(server(), namespace, mark), [
      'delete configmaps a',
      'patch generatorsets teams',
    ]);
    assert.deepEqual(
      await Promise.all(['a', 'b', 'c'].map((name) => readObject(server(), configMap(name)))),
      [undefined, undefined, undefined],
    );
  });

  it('is deleted while it waits for what it has applied to become ready', async () => {
    const containers = [{ name: 'c', image: 'example.com/c:1' }];
    const labels = { app: 'd' };
    const content = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'never-ready', namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    };
    const set = clusterSet(namespace, ['a'], {
      spec: { templates: [{ content }], target: { apply: { wait: true, timeout: '5m' } } },
    });
    await applyObject(server(), set);
    await waitFor('the Deployment', () => readObject(server(), content as KubeObject));
    await delay(500);
    await deleteObject(server(), set);
    await isGone(set);
    assert.equal(await readObject(server(), content as KubeObject), undefined);
  });

  it('is deleted without its finalizer and made again: the plan of the first is dropped', async () => {
    slow.names = ['a'];
    const set = slowSet();
    await applyObject(server(), set);
    const first = await waitForCondition(server(), set, READY);
    slow.names = ['old'];
    slow.hold();
    await annotate(server(), set, { 'reconcile.fluxcd.io/requestedAt': '1' });
    await waitFor('the query', () => slow.waiting > 0);
    await patchObject(server(), set, { metadata: { finalizers: null } });
    await deleteObject(server(), set);
    await isGone(set);
    const again = clusterSet(namespace, ['new']);
    await applyObject(server(), again);
    slow.release();
    const second = await waitForCondition(server(), again, READY);
    await delay(1000);
    assert.notEqual(second.metadata.uid, first.metadata.uid);
    assert.equal(await readObject(server(), configMap('old')), undefined);
    const present = await readObject<ClusterSet>(server(), again);
    assert.deepEqual(
      present?.status?.inventory?.entries?.map(({ id }) => id),
      [`${namespace}_new__ConfigMap`],
    );
    assert.equal(present?.status?.lastHandledReconcileAt, undefined);
  });

  it('is deleted and made again while the first is finalized: nothing of the first stays', async () => {
    const set = clusterSet(namespace, ['a', 'b', 'c']);
    await applyObject(server(), set);
    await waitForCondition(server(), set, READY);
    await deleteObject(server(), set);
    await isGone(set);
    const again = clusterSet(namespace, ['c', 'd']);
    await applyObject(server(), again);
    await waitForCondition(server(), again, READY);
    const present = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => (await readObject(server(), configMap(name))) !== undefined),
    );
    assert.deepEqual(present, [false, false, true, true]);
  });

  it('goes with its service account gone: what it has applied is left, and an event says so', async () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }];
    await createServiceAccount(server(), { name: 'tenant', namespace }, rules);
    const set = clusterSet(namespace, ['a', 'b'], { spec: { serviceAccountName: 'tenant' } });
    await applyObject(server(), set);
    await waitForCondition(server(), set, READY);
    const mark = await server().markAudit();
    await deleteObject(server(), {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'tenant', namespace },
    });
    await deleteObject(server(), set);
    await isGone(set);
    assert.ok(await readObject(server(), configMap('a')));
    const requests = await requestsIn(server(), namespace, mark);
    assert.deepEqual(
      requests.filter(isWrite).flatMap(({ verb }) => (verb === 'delete' ? [verb] : [])),
      [],
    );
    await waitFor('the event', async () =>
      (await eventsOf(server(), set)).some((event) =>
        /^Orphaned: resources were left as they are: the service account \S+\/tenant does not exist$/.test(
          event,
        ),
      ),
    );
  });

  it('goes with its namespace, where nothing can be made any more', async () => {
    const set = clusterSet(namespace, ['a', 'b']);
    await applyObject(server(), set);
    await waitForCondition(server(), set, READY);
    await deleteObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const mark = await server().markAudit();
    // As the namespace controller does, in the order of names.
    await deleteObject(server(), configMap('a'));
    await deleteObject(server(), set);
    await isGone(set);
    const writes = await writesIn(server(), namespace, mark);
    assert.ok(writes.filter((write) => write.startsWith('patch configmaps')).length <= 1, writes.join('\n'));
    assert.equal(await readObject(server(), configMap('b')), undefined);
  });

  it('is written by others all the time: its status comes through, and says what is true', async () => {
    const set = clusterSet(namespace, ['a']);
    await applyObject(server(), set);
    await waitForCondition(server(), set, READY);
    let isOver = false;
    let written = 0;
    const writers = ['status', 'one', 'two', 'three'].map(async (writer) => {
      while (!isOver) {
        written++;
        if (writer === 'status')
          await patchObject(server(), set, { status: { elements: written } }, { status: true });
        else await annotate(server(), set, { [writer]: `${written}` });
      }
    });
    const begun = Date.now();
    for (const names of [['a', 'b'], ['b', 'c'], ['b'], ['b', 'd']]) {
      await applyObject(server(), clusterSet(namespace, names, { spec: { guard: { maxPrune: '100%' } } }));
      await waitForCondition(server(), set, READY);
      assert.ok(await readObject(server(), configMap(names.at(-1) ?? '')));
    }
    const took = Date.now() - begun;
    isOver = true;
    await Promise.all(writers);
    const present = await readObject<ClusterSet>(server(), set);
    assert.equal(present?.status?.inventory?.count, 2);
    assert.equal(conditionOf(present, 'Ready')?.message, '2 resources');
    assert.ok(took < 10_000 && written > 20, `${took} ms, ${written} writes`);
  });

  it('never blocks others: of 40 sets each broken one says so, and all others are ready', async () => {
    await proveNoneBlocks(server(), { namespace, count: 40 });
    assert.ok(!controller().output().includes('Reconciler error'));
  });
});

/** A server whose answers wait until they are let go. */
interface SlowServer extends TestServer {
  names: readonly string[];
  readonly waiting: number;
  hold(): void;
  release(): void;
}

async function startSlowServer(): Promise<SlowServer> {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  let waiting = 0;
  let names: readonly string[] = [];
  const server = await startHttpServer(async (_, response) => {
    waiting++;
    // What was asked for is what was true then.
    const answer = names.map((name) => ({ name }));
    await gate.promise;
    waiting--;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  return {
    ...server,
    get names() {
      return names;
    },
    set names(next) {
      names = next;
    },
    get waiting() {
      return waiting;
    },
    hold() {
      gate = Promise.withResolvers<void>();
    },
    release: () => gate.resolve(),
  };
}
