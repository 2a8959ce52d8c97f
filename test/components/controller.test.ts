import assert from 'node:assert/strict';
import {
  type ClusterSet,
  clusterSet,
  conditionOf,
  GENERATORSET_CRD,
  waitForCondition,
} from '../harness/cluster-sets.ts';
import { startController, type TestController } from '../harness/controller.ts';
import { eventsOf } from '../harness/controller-suite.ts';
import { isWrite } from './audit-log.ts';
import {
  applyObject,
  createNamespace,
  deleteObject,
  establishCrd,
  readObject,
  waitFor,
} from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

const READY = { status: 'True', reason: 'ReconciliationSucceeded' } as const;

describe('the controller on a real API server', function suite() {
  this.timeout(60_000);
  const server = useKubeApiserver();
  let controller: TestController;
  let namespace: string;
  before(async function start() {
    this.timeout(120_000);
    await establishCrd(server(), GENERATORSET_CRD);
    controller = await startController(server());
  });
  after(() => controller?.stop('SIGKILL'));
  beforeEach(async () => {
    namespace = await createNamespace(server());
  });

  const configMap = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
  });
  const read = (name: string) =>
    readObject<KubeObject & { data: Record<string, string> }>(server(), configMap(name));
  const isGone = (object: KubeObject, timeout?: number) =>
    waitFor(
      `${object.kind} to be gone`,
      async () => (await readObject(server(), object)) === undefined,
      timeout,
    );

  /** Applies the set and waits until it is ready as it is now. */
  async function applied(
    names: string[],
    options: Parameters<typeof clusterSet>[2] = {},
  ): Promise<ClusterSet> {
    const set = clusterSet(namespace, names, options);
    await applyObject(server(), set);
    return waitForCondition(server(), set, READY);
  }

  it('applies what is rendered, with owner labels, and remembers it', async () => {
    const set = await applied(['a', 'b']);
    const entries = ['a', 'b'].map((name) => ({ id: `${namespace}_${name}__ConfigMap`, v: 'v1' }));
    assert.deepEqual(set.status?.inventory, { count: 2, entries });
    assert.equal(set.status?.elements, 2);
    assert.equal(set.status?.observedGeneration, 1);
    assert.deepEqual(set.metadata.finalizers, ['generatorset.dev/finalizer']);
    const object = await read('a');
    assert.equal(object?.data['team'], 'a');
    assert.equal(object?.metadata.labels?.['generatorset.dev/name'], 'teams');
    assert.equal(object?.metadata.labels?.['generatorset.dev/namespace'], namespace);
  });

  it('writes nothing for a set that is asked for and unchanged but its own answer', async () => {
    const set = await applied(['a', 'b']);
    // Events are written a moment after the status.
    await waitFor('the event of the first pass', async () => (await eventsOf(server(), set)).length > 0);
    const mark = await server().markAudit();
    const token = new Date().toISOString();
    await applyObject(
      server(),
      clusterSet(namespace, ['a', 'b'], { annotations: { 'reconcile.fluxcd.io/requestedAt': token } }),
    );
    await waitFor('the request to be followed', async () => {
      const present = await readObject<ClusterSet>(server(), set);
      return present?.status?.lastHandledReconcileAt === token;
    });
    // The log is written a moment after the answer.
    const writes = await waitFor('the log to have the answer', async () => {
      const events = (await server().audit(mark)).filter(
        (event) =>
          isWrite(event) &&
          event.userAgent?.startsWith('generatorset-controller/') &&
          event.objectRef?.namespace === namespace,
      );
      return events.length > 0 ? events : undefined;
    });
    assert.deepEqual(
      writes.map(({ verb, objectRef }) => [verb, objectRef?.resource, objectRef?.subresource]),
      [['patch', 'generatorsets', 'status']],
    );
  });

  it('takes back what somebody else changes, and makes again what somebody deletes', async () => {
    await applied(['a', 'b']);
    await applyObject(server(), { ...configMap('a'), data: { team: 'other' } });
    await waitFor('the edit to be taken back', async () => (await read('a'))?.data['team'] === 'a');
    await deleteObject(server(), configMap('b'));
    await waitFor('b to be back', () => read('b'));
  });

  it('leaves the fields of others alone, and names them, unless it is forced', async () => {
    await applyObject(server(), { ...configMap('a'), data: { team: 'other' } });
    const set = clusterSet(namespace, ['a']);
    await applyObject(server(), set);
    await waitForCondition(server(), set, { status: 'False', message: /conflict with "test": \.data\.team/ });
    assert.equal((await read('a'))?.data['team'], 'other');
    await applied(['a'], { spec: { target: { apply: { force: true } } } });
    assert.equal((await read('a'))?.data['team'], 'a');
  });

  it('takes edits back with force, too', async () => {
    await applied(['a'], { spec: { target: { apply: { force: true } } } });
    await applyObject(server(), { ...configMap('a'), data: { team: 'other' } });
    await waitFor('the edit to be taken back', async () => (await read('a'))?.data['team'] === 'a');
  });

  it('deletes what is no longer rendered, as far as the guard lets it', async () => {
    await applied(['a', 'b', 'c']);
    await applied(['a', 'b']);
    await isGone(configMap('c'));
    const held = clusterSet(namespace, []);
    await applyObject(server(), held);
    const present = await waitForCondition(server(), held, { type: 'Held', status: 'True' });
    assert.ok(await read('a'));
    assert.match(conditionOf(present, 'Ready')?.message ?? '', /would delete all 2 resources/);

    // Only this plan's digest releases it.
    const digest = present.status?.held?.digest ?? '';
    await applyObject(
      server(),
      clusterSet(namespace, [], { annotations: { 'generatorset.dev/approve': `${digest}0` } }),
    );
    await waitForCondition(server(), held, { message: /what was approved is another plan/ });
    await applyObject(
      server(),
      clusterSet(namespace, [], { annotations: { 'generatorset.dev/approve': digest } }),
    );
    await isGone(configMap('a'));
    await isGone(configMap('b'));
    const last = await waitForCondition(server(), held, READY);
    assert.equal(conditionOf(last, 'Held'), undefined);
  });

  it('deletes with the set what it has applied', async () => {
    const set = await applied(['a', 'b'], { spec: { suspend: false } });
    await deleteObject(server(), set);
    await isGone(set);
    assert.equal(await read('a'), undefined);
  });

  it('deletes with a suspended set, and with one that became invalid, what they have applied', async () => {
    const suspended = await applied(['a']);
    await applyObject(server(), clusterSet(namespace, ['a'], { spec: { suspend: true } }));
    const invalid = await applied(['b'], { name: 'invalid' });
    const broken = clusterSet(namespace, ['b'], { name: 'invalid', spec: { elementKey: '{{ .Element.' } });
    await applyObject(server(), broken);
    await waitForCondition(server(), broken, { type: 'Stalled', status: 'True' });
    assert.ok(await read('b'));
    for (const set of [suspended, invalid]) {
      await deleteObject(server(), set);
      await isGone(set);
    }
    assert.deepEqual([await read('a'), await read('b')], [undefined, undefined]);
  });

  it('leaves what it has applied under deletionPolicy Orphan', async () => {
    const set = await applied(['a'], { spec: { deletionPolicy: 'Orphan' } });
    await deleteObject(server(), set);
    await isGone(set);
    assert.ok(await read('a'));
  });

  it('makes no pass over a suspended set, and makes one when it is resumed', async () => {
    await applied(['a']);
    await applyObject(server(), clusterSet(namespace, ['a', 'b'], { spec: { suspend: true } }));
    const other = await applied(['c'], { name: 'other' });
    assert.equal(await read('b'), undefined);
    await applied(['a', 'b'], { spec: { suspend: false } });
    assert.ok(await read('b'));
    await deleteObject(server(), other);
  });

  it('says what is wrong with a set, and recovers when it is mended', async () => {
    const wrong = clusterSet(namespace, ['a'], {
      spec: { generators: [{ list: { elements: [{ n: 'a' }] } }] },
    });
    await applyObject(server(), wrong);
    const set = await waitForCondition(server(), wrong, { status: 'False', reason: 'BuildFailed' });
    assert.match(conditionOf(set, 'Ready')?.message ?? '', /map has no entry for key "name"/);
    assert.equal(conditionOf(set, 'Reconciling')?.reason, 'ProgressingWithRetry');
    await applied(['a']);
  });

  it('tells Kubernetes what it did', async () => {
    await applied(['a']);
    await waitFor('an event', async () => {
      const { body } = await server().request<{ items: { reason: string; message: string; type: string }[] }>(
        'GET',
        `/api/v1/namespaces/${namespace}/events`,
      );
      return body.items.some(
        ({ reason, type, message }) =>
          type === 'Normal' &&
          reason === 'ReconciliationSucceeded' &&
          message.includes(`ConfigMap/${namespace}/a created`),
      );
    });
  });

  it('counts what it does, and misses nothing', async () => {
    await applied(['a']);
    const labels = { namespace, name: 'teams' };
    assert.ok((await controller.metric('gotk_reconcile_duration_seconds_count', labels)) >= 1);
    assert.ok((await controller.metric('controller_runtime_reconcile_total', { result: 'success' })) >= 1);
    assert.ok((await controller.metric('rest_client_requests_total', { method: 'PATCH', code: '201' })) >= 1);
    assert.equal(await controller.metric('generatorset_watch_cache_misses_total'), 0);
  });
});
