import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClusterSet,
  clusterSet,
  conditionOf,
  GENERATORSET_CRD,
  waitForCondition,
} from '../harness/cluster-sets.ts';
import { startController, type TestController } from '../harness/controller.ts';
import { eventsOf, patchObject, requestPass } from '../harness/controller-suite.ts';
import { applyObject, createNamespace, establishCrd, readObject, waitFor } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

const HOUR = 3_600_000;

describe('what a controller remembers of decisions, when another one takes over', function suite() {
  this.timeout(180_000);
  const server = useKubeApiserver();
  let folder = '';
  let controller: TestController | undefined;
  let namespace = '';

  before(async () => {
    await establishCrd(server(), GENERATORSET_CRD);
    folder = await mkdtemp(join(tmpdir(), 'generatorset-decisions-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    namespace = await createNamespace(server());
    await start();
  });
  afterEach(() => controller?.stop('SIGKILL'));

  /** Starts a controller whose clock is so many milliseconds ahead. */
  async function start(shift = 0): Promise<void> {
    const program = new URL('../harness/controller-clock.ts', import.meta.url).href;
    const clock = { NODE_OPTIONS: `--import=${program}`, TEST_CLOCK_SHIFT: String(shift) };
    controller = await startController(server(), { env: { XDG_CACHE_HOME: folder, ...clock } });
  }

  async function restart(shift = 0): Promise<void> {
    await controller?.stop('SIGTERM');
    await start(shift);
  }

  /** A set with a tuned limit for each of these numbers. */
  function tuned(numbers: readonly number[], tune: object, guard: object = {}): ClusterSet {
    const elements = numbers.map((value, index) => ({ name: `e${index}`, value }));
    const data = { limit: '{{ .Element.limit }}' };
    const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Element.name }}' }, data };
    return clusterSet(namespace, [], {
      spec: {
        elementKey: '{{ .Element.name }}',
        generators: [{ list: { elements } }],
        tune: [{ name: 'limit', from: '{{ .Element.value }}', unit: 'number', ...tune }],
        templates: [{ content }],
        guard,
      },
    });
  }

  async function applied(set: ClusterSet): Promise<ClusterSet> {
    await applyObject(server(), set);
    return waitForCondition(server(), set, { status: 'True' }, 90_000);
  }

  async function limitOf(name: string): Promise<string | undefined> {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } };
    const found = await readObject<KubeObject & { data: { limit: string } }>(server(), object);
    return found?.data.limit;
  }

  it('tells what the first change after it was decided from', async () => {
    const set = await applied(tuned([100], {}));
    await controller?.stop('SIGTERM');
    await patchObject(server(), set, { spec: tuned([130], {}).spec });
    await start();
    const told = await waitFor('the event of the change', async () =>
      (await eventsOf(server(), set)).find((event) => event.includes(' configured')),
    );
    assert.deepEqual(told.split('\n'), [
      `ReconciliationSucceeded: ConfigMap/${namespace}/e0 configured`,
      '  data.limit: 100 -> 130',
      'Element: e0',
      'Decision: limit = 130 (Computed, was 100, from 130)',
    ]);
  });

  it('keeps a value until its cooldown is over, counted from when it got it', async () => {
    const rules = { cooldown: '24h' };
    const set = await applied(tuned([100], rules));
    const lower = await applied(tuned([60], rules));
    assert.equal(await limitOf('e0'), '100');
    assert.equal(lower.status?.elementStates?.[0]?.reason, 'Cooldown');
    assert.deepEqual(lower.status?.decisions, set.status?.decisions);

    await restart(23 * HOUR);
    await requestPass(server(), set);
    assert.equal(await limitOf('e0'), '100');

    await restart(25 * HOUR);
    const after = await requestPass(server(), set);
    assert.equal(await limitOf('e0'), '60');
    const [decision] = after.status?.decisions ?? [];
    assert.deepEqual([decision?.value, decision?.previous], ['60', '100']);
    assert.ok(Date.parse(decision?.since ?? '') > Date.now() + 24 * HOUR);
  });

  it('holds what was held, and is told of its approval while nobody ran', async () => {
    const guard = { maxChange: '50%' };
    const set = await applied(tuned([100], {}, guard));
    await applyObject(server(), tuned([400], {}, guard));
    const held = await waitForCondition(server(), set, { type: 'Held', status: 'True' });
    await controller?.stop('SIGTERM');
    const annotations = { 'generatorset.dev/approve': held.status?.held?.digest ?? '' };
    await patchObject(server(), set, { metadata: { annotations } });
    await start();
    await waitForCondition(server(), set, { reason: 'ReconciliationSucceeded' });
    assert.equal(await limitOf('e0'), '400');
  });

  it('keeps 1,500 decisions beside the status, and loses none', async () => {
    const numbers = Array.from({ length: 500 }, (_, index) => 1000 + index);
    const more = (maxDecrease: string) => [
      { name: 'request', from: '{{ .Element.value }}', unit: 'number', maxDecrease },
      { name: 'replicas', from: '3', unit: 'integer' },
    ];
    const setOf = (values: number[], guard = {}) => {
      const set = tuned(values, { maxDecrease: '10%' }, guard);
      const spec = set['spec'] as { tune: object[] };
      return { ...set, spec: { ...spec, tune: [...spec.tune, ...more('20%')] } } as unknown as ClusterSet;
    };
    const set = await applied(setOf(numbers));
    assert.equal(set.status?.decisions, undefined);
    assert.equal(set.status?.decisionShards?.count, 1500);
    assert.ok(JSON.stringify(set.status).length < 128 * 1024);
    const [shard] = await shards();
    assert.equal(shard?.metadata.labels?.['generatorset.dev/decisions-of'], set.metadata['uid']);

    // The next process counts from what was decided.
    await restart();
    const lower = await applied(setOf(numbers.map((value) => value / 2)));
    assert.equal(await limitOf('e300'), '1170');
    assert.equal(lower.status?.decisionShards?.count, 1500);

    // What needs no shard any more goes back into the status.
    const small = await applied(setOf(numbers.slice(0, 3), { maxPrune: '100%' }));
    assert.deepEqual([small.status?.decisions?.length, small.status?.decisionShards], [9, undefined]);
    await waitFor('the shards to be gone', async () => (await shards()).length === 0);
  });

  it('goes on with a status that others have forged, by what of it can be true', async () => {
    const set = await applied(tuned([100, 100], { increaseOnly: true }));
    await controller?.stop('SIGTERM');
    const [first, second] = set.status?.decisions ?? [];
    const decisions = [
      { ...first, value: '200' },
      { ...second, value: 'NaN' },
      { ...second, element: 'e1', name: '__proto__' },
      { ...second, element: 'x'.repeat(9000) },
    ];
    const decisionShards = { count: 5, digest: 'x', shards: ['kube-root-ca.crt', '../../secrets/a'] };
    await patchObject(server(), set, { status: { decisions, decisionShards } }, { status: true });
    await start();
    const after = await requestPass(server(), set);
    assert.deepEqual([await limitOf('e0'), await limitOf('e1')], ['200', '100']);
    assert.deepEqual(
      after.status?.decisions?.map(({ element, value }) => [element, value]),
      [
        ['e0', '200'],
        ['e1', '100'],
      ],
    );
    assert.equal(after.status?.decisionShards, undefined);
    assert.equal(conditionOf(after, 'Ready')?.status, 'True');
  });

  async function shards(): Promise<KubeObject[]> {
    const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=generatorset.dev/decisions-of`;
    return (await server().request<{ items: KubeObject[] }>('GET', path)).body.items;
  }
});
