import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import {
  podinfoMemory,
  readSeed,
  type Switchboard,
  startSwitchboard,
} from '../harness/controller-prometheus.ts';
import {
  APPROVE,
  annotate,
  eventsOf,
  patchObject,
  readyOf,
  requestPass,
  useController,
  writesIn,
} from '../harness/controller-suite.ts';
import { unusedPort } from '../harness/http-server.ts';
import { applyObject, createNamespace, deleteObject, readObject, waitFor } from './cluster-objects.ts';
import { looseCrd } from './flux-crds.ts';
import type { KubeObject } from './kube-request.ts';
import { type Prometheus, startPrometheus, usePrometheus } from './prometheus.ts';

const KIB = 1024;

/** The version that the seed has; nothing reconciles it here. */
const KUSTOMIZATION_CRD = looseCrd({
  group: 'kustomize.toolkit.fluxcd.io',
  version: 'v1beta2',
  kind: 'Kustomization',
  plural: 'kustomizations',
});

describe('the seed, applied by a controller, with the answers of a real Prometheus', function suite() {
  this.timeout(90_000);
  const usual = usePrometheus(() => [podinfoMemory(300 * KIB)]);
  const { server } = useController({ crds: [KUSTOMIZATION_CRD] });
  let grown: Prometheus;
  let vanished: Prometheus;
  let address: Switchboard;
  let namespace = '';
  let set: ClusterSet;

  before(async () => {
    grown = await startPrometheus([podinfoMemory(360 * KIB)]);
    vanished = await startPrometheus([{ series: 'up', samples: podinfoMemory(1).samples }]);
    address = await startSwitchboard();
  });
  after(() => Promise.all([grown?.close(), vanished?.close(), address?.close()]));
  beforeEach(async () => {
    address.connectTo(usual().origin);
    namespace = await createNamespace(server());
    set = await readSeed(namespace, address.origin);
  });

  const podinfo = (name = 'podinfo') => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1beta2',
    kind: 'Kustomization',
    metadata: { name, namespace },
  });
  const readPodinfo = (name?: string) => readObject<KubeObject>(server(), podinfo(name));
  const present = () => readObject<ClusterSet>(server(), set);

  /** The values that the patch of a Kustomization gives limit and request. */
  function valuesOf(object: KubeObject | undefined): string[] {
    const spec = object?.['spec'] as { patches: { patch: string }[] } | undefined;
    return Array.from(spec?.patches[0]?.patch.matchAll(/value: (.+)/g) ?? [], ([, value = '']) => value);
  }

  async function applySeed(changed = set): Promise<ClusterSet> {
    await applyObject(server(), changed);
    return waitForCondition(server(), set, { status: 'True', reason: 'ReconciliationSucceeded' });
  }

  it('gives the Kustomization the value of the query', async () => {
    const ready = await applySeed();
    const object = await readPodinfo();
    assert.deepEqual(valuesOf(object), ['360Ki', '300Ki']);
    assert.deepEqual(object?.metadata.labels, {
      'generatorset.dev/name': 'podinfo-memory',
      'generatorset.dev/namespace': namespace,
    });
    assert.equal(readyOf(ready), 'True ReconciliationSucceeded: 1 resource');
    assert.equal(ready.status?.elements, 1);
    assert.equal(ready.status?.observedGeneration, 1);
    assert.deepEqual(ready.metadata.finalizers, ['generatorset.dev/finalizer']);
    const id = `${namespace}_podinfo_kustomize.toolkit.fluxcd.io_Kustomization`;
    assert.deepEqual(ready.status?.inventory?.entries, [{ id, v: 'v1beta2' }]);
    const events = await waitFor('the event', async () => {
      const all = await eventsOf(server(), set);
      return all.length > 0 ? all : undefined;
    });
    const [event = '', ...others] = events;
    assert.deepEqual(others, []);
    const [said, ...evidence] = event.split('\n');
    assert.equal(said, `ReconciliationSucceeded: Kustomization/${namespace}/podinfo created`);
    assert.equal(evidence[0], 'Element: generators[0].apiClient[0]');
    assert.match(evidence[1] ?? '', /^Query: max\(max_over_time\(/);
    assert.deepEqual(evidence.slice(2), ['Answer: .Element.data.result[0].value[1] = "300"']);
  });

  it('tunes it in place when Prometheus gives another value, and writes nothing when it does not', async () => {
    await applySeed();
    const before = await readPodinfo();
    let mark = await server().markAudit();
    await requestPass(server(), set);
    assert.deepEqual(await writesIn(server(), namespace, mark), [
      'patch generatorsets/status podinfo-memory',
    ]);

    address.connectTo(grown.origin);
    mark = await server().markAudit();
    await requestPass(server(), set);
    const after = await readPodinfo();
    assert.deepEqual(valuesOf(after), ['432Ki', '360Ki']);
    assert.equal(after?.metadata.uid, before?.metadata.uid);
    assert.deepEqual(await writesIn(server(), namespace, mark), [
      'patch kustomizations podinfo',
      'patch generatorsets/status podinfo-memory',
    ]);
  });

  it('changes nothing while Prometheus is down, says so, and recovers by itself', async () => {
    const ready = await applySeed();
    const before = await readPodinfo();
    address.connectTo(undefined);
    const mark = await server().markAudit();
    const failed = await requestPass(server(), set);
    assert.match(
      readyOf(failed),
      /^False ArtifactFailed: .*spec\.generators\[0\]\.apiClient: GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/query: /,
    );
    assert.ok(!readyOf(failed).includes('podinfod'), 'no query in a message');
    assert.deepEqual(conditionOf(failed, 'Reconciling')?.reason, 'ProgressingWithRetry');
    assert.deepEqual(failed.status?.inventory, ready.status?.inventory);
    assert.deepEqual(await readPodinfo(), before);

    // It is tried again, and what fails in the same way is written once.
    const asked = address.connections;
    await waitFor('more tries', () => address.connections > asked + 2, 30_000);
    const writes = await writesIn(server(), namespace, mark);
    assert.deepEqual(writes, ['patch generatorsets/status podinfo-memory']);

    address.connectTo(grown.origin);
    const recovered = await waitForCondition(server(), set, { status: 'True' }, 40_000);
    assert.equal(conditionOf(recovered, 'Reconciling'), undefined);
    assert.deepEqual(valuesOf(await readPodinfo()), ['432Ki', '360Ki']);
  });

  it('says so when its very first pass fails, and makes up for it', async () => {
    const port = await unusedPort();
    await applyObject(server(), await readSeed(namespace, `http://127.0.0.1:${port}`));
    const failed = await waitForCondition(server(), set, { status: 'False', reason: 'ArtifactFailed' });
    assert.equal(failed.status?.inventory, undefined);
    assert.equal(conditionOf(failed, 'Reconciling')?.status, 'True');
    await applyObject(server(), set);
    await waitForCondition(server(), set, { status: 'True' });
    assert.deepEqual(valuesOf(await readPodinfo()), ['360Ki', '300Ki']);
  });

  it('treats an answer without a series as no answer', async () => {
    await applySeed();
    const before = await readPodinfo();
    address.connectTo(vanished.origin);
    const failed = await requestPass(server(), set);
    assert.match(readyOf(failed), /^False ArtifactFailed: .*the Prometheus query has an empty result/);
    assert.deepEqual(await readPodinfo(), before);
  });

  it('follows a changed spec at once: another endpoint, another name', async () => {
    await applySeed();
    const elsewhere = await readSeed(namespace, grown.origin);
    await applyObject(server(), elsewhere);
    await waitFor('the other value', async () => valuesOf(await readPodinfo())[0] === '432Ki');

    // One resource goes and one comes: what is left is not nothing, and one deletion is always allowed.
    const renamed = JSON.parse(JSON.stringify(elsewhere).replace('"name":"podinfo"', '"name":"renamed"'));
    await applyObject(server(), renamed);
    await waitFor('the old one to be pruned', async () => (await readPodinfo()) === undefined);
    assert.deepEqual(valuesOf(await readPodinfo('renamed')), ['432Ki', '360Ki']);
    const ready = await waitForCondition(server(), set, { status: 'True' });
    assert.deepEqual(
      ready.status?.inventory?.entries?.map(({ id }) => id),
      [`${namespace}_renamed_kustomize.toolkit.fluxcd.io_Kustomization`],
    );
    assert.deepEqual(
      ready.status?.deletions?.map(({ count }) => count),
      [1],
    );
  });

  /** The seed with one element a series, for which no series is an answer. */
  function seedOfSeries(): ClusterSet {
    const text = JSON.stringify(set)
      .replace('"singleElement":true', '"jsonPath":"{.data.result}","onEmpty":"accept"')
      .replaceAll('{{ with index .Element.data.result 0}}', '{{ with .Element }}');
    return JSON.parse(text) as ClusterSet;
  }

  it('holds the deletion of the last resource until it is approved by its digest', async () => {
    await applySeed(seedOfSeries());
    assert.deepEqual(valuesOf(await readPodinfo()), ['360Ki', '300Ki']);
    address.connectTo(vanished.origin);
    const held = await requestPass(server(), set);
    const digest = held.status?.held?.digest ?? '';
    assert.match(digest, /^[0-9a-f]{64}$|^sha256:/);
    assert.equal(conditionOf(held, 'Held')?.status, 'True');
    assert.match(readyOf(held), /^True PlanHeld: would delete all 1 resources, none is left; /);
    assert.ok(conditionOf(held, 'Held')?.message.includes(`${APPROVE}: ${digest}`));
    assert.ok(await readPodinfo());

    // Another digest releases nothing
    await annotate(server(), set, { [APPROVE]: digest.replace(/.$/, (last) => (last === '0' ? '1' : '0')) });
    await waitForCondition(server(), set, { message: /what was approved is another plan/ });
    assert.ok(await readPodinfo());

    await annotate(server(), set, { [APPROVE]: digest });
    await waitFor('the Kustomization to be pruned', async () => (await readPodinfo()) === undefined);
    const released = await waitForCondition(server(), set, { reason: 'ReconciliationSucceeded' });
    assert.equal(released.status?.held, undefined);
    assert.equal(conditionOf(released, 'Held'), undefined);
    assert.equal(released.status?.inventory?.entries?.length ?? 0, 0);
    assert.deepEqual(
      released.status?.deletions?.map(({ count }) => count),
      [1],
    );

    const events = await waitFor('the events', async () => {
      const all = await eventsOf(server(), set);
      return all.some((event) => event.endsWith(' deleted')) ? all : undefined;
    });
    assert.equal(events.filter((event) => event.startsWith('PlanHeld: ')).length, 1);

    // The approval was for once
    address.connectTo(usual().origin);
    await requestPass(server(), set);
    assert.ok(await readPodinfo());
    address.connectTo(vanished.origin);
    const again = await requestPass(server(), set);
    assert.equal(conditionOf(again, 'Held')?.status, 'True');
    assert.ok(await readPodinfo());
  });

  it('lets a held plan go when the series come back', async () => {
    await applySeed(seedOfSeries());
    address.connectTo(vanished.origin);
    await requestPass(server(), set);
    address.connectTo(grown.origin);
    const ready = await requestPass(server(), set);
    assert.equal(readyOf(ready), 'True ReconciliationSucceeded: 1 resource');
    assert.equal(ready.status?.held, undefined);
    assert.deepEqual(valuesOf(await readPodinfo()), ['432Ki', '360Ki']);
  });

  it('prunes the last resource without asking where onEmpty is prune', async () => {
    const spec = { ...(seedOfSeries()['spec'] as object), guard: { onEmpty: 'prune' } };
    await applySeed({ ...set, spec });
    address.connectTo(vanished.origin);
    const ready = await requestPass(server(), set);
    assert.equal(readyOf(ready), 'True ReconciliationSucceeded: 0 resources');
    assert.equal(await readPodinfo(), undefined);
  });

  const deletions: [what: string, patch: object, isLeft: boolean][] = [
    ['prunes its resources when it is deleted', {}, false],
    ['leaves them with deletionPolicy Orphan', { deletionPolicy: 'Orphan' }, true],
    ['prunes them when it is suspended', { suspend: true }, false],
    [
      'prunes them when its spec cannot be used any more',
      { generators: [{ apiClient: { interval: '4s', endpoint: 'http://127.0.0.1:1' } }] },
      false,
    ],
  ];
  for (const [what, spec, isLeft] of deletions) {
    it(what, async () => {
      await applySeed();
      await patchObject(server(), set, { spec });
      // Also while Prometheus is down: nothing is asked for it.
      address.connectTo(undefined);
      await deleteObject(server(), set);
      await waitFor('the set to be gone', async () => (await present()) === undefined);
      assert.equal((await readPodinfo()) !== undefined, isLeft);
    });
  }

  it('asks again when the interval is over: time() of Prometheus moves on', async () => {
    const clock = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'clock' },
      data: { seconds: '{{ index .Element.data.result 1 }}' },
    };
    const endpoint = `${address.origin}/api/v1/query?query=time()`;
    const generators = [{ apiClient: { interval: '5s', endpoint, singleElement: true } }];
    await applySeed({ ...set, spec: { generators, templates: [{ content: clock }] } });
    const read = async () => {
      const found = await readObject(server(), { ...clock, metadata: { name: 'clock', namespace } });
      return Number((found?.['data'] as { seconds: string } | undefined)?.seconds);
    };
    const first = await read();
    const second = await waitFor('another time', async () => {
      const seconds = await read();
      return seconds > first ? seconds : undefined;
    });
    await waitFor('a third time', async () => (await read()) > second);
    assert.ok(second - first >= 4.9, `${second - first} s between two passes`);
  });

  it('asks nobody again before the interval is over', async () => {
    await applySeed();
    const asked = address.connections;
    await patchObject(server(), set, { metadata: { labels: { team: 'a' } } });
    await delay(1500);
    assert.equal(address.connections, asked);
  });
});
