import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClusterSet, clusterSet, GENERATORSET_CRD, waitForCondition } from '../harness/cluster-sets.ts';
import { startController } from '../harness/controller.ts';
import { type AnswerServer, answeredSet, startAnswers } from '../harness/controller-answers.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';
import { applyObject, createNamespace, establishCrd, readObject, waitFor } from './cluster-objects.ts';
import {
  killInPasses,
  proveLargeInventory,
  restartWithSets,
  runUnchanged,
} from './controller-faults-restarts.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

const READY = { status: 'True', reason: 'ReconciliationSucceeded' } as const;

describe('a controller that ends and begins', function suite() {
  this.timeout(120_000);
  const server = useKubeApiserver();
  let namespace: string;
  let answers: AnswerServer;
  before(async function start() {
    this.timeout(120_000);
    await establishCrd(server(), GENERATORSET_CRD);
    answers = await startAnswers(['x']);
  });
  after(() => answers?.close());
  beforeEach(async () => {
    namespace = await createNamespace(server());
  });
  afterEach(async () => {
    const path = `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets`;
    const { body } = await server().request<{ items: ClusterSet[] }>('GET', path);
    for (const set of body.items) {
      const contentType = 'application/merge-patch+json';
      const own = `${path}/${set.metadata.name}`;
      await server().request('PATCH', own, { metadata: { finalizers: null } }, { contentType });
      await server().request('DELETE', own);
    }
  });

  it('asks nobody and writes nothing after a restart where no set is due', async () => {
    await restartWithSets({ server: server(), namespace, answers, count: 30 });
  });

  it('follows what generators read, also where it changed while nobody ran, and asks nobody before', async () => {
    const options = { env: { RUNTIME_NAMESPACE: await createNamespace(server()) } };
    const input = (name: string): KubeObject => ({ ...configMap('input'), data: { name } });
    const listed = (name: string): KubeObject => ({
      ...configMap(`listed-${name}`),
      metadata: { name: `listed-${name}`, namespace, labels: { listed: 'yes' } },
      data: { name },
    });
    const content = { ...configMap('out-{{ .ElementIndex }}'), data: { team: '{{ .Element.name }}' } };
    const selector = { matchLabels: { listed: 'yes' } };
    const set = clusterSet(namespace, [], {
      spec: {
        generators: [
          { apiClient: { interval: '24h', endpoint: answers.url } },
          { config: { kind: 'ConfigMap', name: 'input' } },
          { object: { apiVersion: 'v1', kind: 'ConfigMap', selector, jsonPath: '{.data}' } },
        ],
        templates: [{ content }],
      },
    });
    const isOut = (index: number, team: string) =>
      waitFor(`out-${index} to be of ${team}`, async () => {
        const object = await readObject<KubeObject & { data: object }>(server(), configMap(`out-${index}`));
        return JSON.stringify(object?.data) === JSON.stringify({ team });
      });
    const begun = answers.asked.length;
    const counted = () => answers.asked.length - begun;
    let controller = await startController(server(), options);
    try {
      for (const object of [input('one'), listed('x'), set]) await applyObject(server(), object);
      await waitForCondition(server(), set, READY);
      assert.equal(counted(), 1);

      // After a restart
      assert.equal(await controller.stop(), 0);
      controller = await startController(server(), options);
      await delay(3000);
      assert.equal(counted(), 1);
      await applyObject(server(), input('two'));
      await isOut(1, 'two');
      await applyObject(server(), listed('y'));
      await isOut(3, 'y');
      assert.equal(counted(), 3);

      // While nobody runs
      for (const [index, object, team] of [
        [1, input('three'), 'three'],
        [4, listed('z'), 'z'],
      ] as const) {
        assert.equal(await controller.stop(), 0);
        await applyObject(server(), object);
        controller = await startController(server(), options);
        await isOut(index, team);
      }
      assert.equal(counted(), 5);
    } finally {
      await controller.stop('SIGKILL');
    }
  });

  it('reads and writes nothing for sets whose passes find nothing new', async () => {
    await runUnchanged({ server: server(), namespace, sets: 20, objects: 5, interval: 5 });
  });

  it('brings about what is wanted after it was killed in the middle of passes, and leaves nothing over', async () => {
    const { cutOff } = await killInPasses({ server: server(), namespace, kills: 20, random: Math.random });
    assert.ok(cutOff >= 5, `${cutOff} of 20 kills found a pass under way`);
  });

  it('owns 1,200 objects, and gives them up with the set', async () => {
    await proveLargeInventory(server(), { namespace, count: 1200 });
  });

  for (const { what, holdFor, isFinished } of [
    { what: 'finishes a pass that ends in time', holdFor: 2000, isFinished: true },
    { what: 'cuts off a pass that does not end in time', holdFor: 60_000, isFinished: false },
  ]) {
    it(`${what} when it is asked to stop, releases its Lease and keeps its last runs`, async () => {
      const slow = await startSlow();
      const leases = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
      const flags = ['--enable-leader-election', '--graceful-shutdown-timeout=4s'];
      const own = await createNamespace(server());
      const controller = await startController(server(), { flags, env: { RUNTIME_NAMESPACE: own } });
      try {
        const quick = clusterSet(namespace, ['quick'], { name: 'quick', spec: { interval: '24h' } });
        await applyObject(server(), quick);
        await waitForCondition(server(), quick, READY);
        const set = answeredSet(namespace, { url: slow.origin } as AnswerServer, { name: 'slow' });
        await applyObject(server(), set);
        await waitFor('the query', () => slow.isWaiting());
        const timer = setTimeout(() => slow.answer(), holdFor);
        const begun = Date.now();
        const stopped = controller.stop('SIGTERM');
        await delay(500);
        // Meanwhile nothing else begins.
        await applyObject(server(), clusterSet(namespace, ['late'], { name: 'late' }));
        assert.equal(await stopped, 0, controller.output());
        clearTimeout(timer);
        assert.ok(Date.now() - begun < 8000, `${Date.now() - begun} ms`);
        assert.equal((await readObject(server(), configMap('slow-a'))) !== undefined, isFinished);
        assert.equal(await readObject(server(), configMap('late')), undefined);
        const name = 'generatorset-controller';
        const lease = await readObject(server(), { ...leases, metadata: { name, namespace: own } });
        assert.ok(lease);
        assert.equal((lease['spec'] as { holderIdentity?: string }).holderIdentity ?? '', '');
        const checkpoint = { name: `${name}-checkpoint`, namespace: own };
        assert.ok(await readObject(server(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: checkpoint }));
      } finally {
        slow.answer();
        await controller.stop('SIGKILL');
        await slow.close();
      }
    });
  }

  const configMap = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
  });
});

/** A server whose answers wait until they are let go. */
async function startSlow(): Promise<TestServer & { isWaiting(): boolean; answer(): void }> {
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  const server = await startHttpServer(async (_, response) => {
    waiting++;
    await gate.promise;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify([{ name: 'slow-a' }]));
  });
  return { ...server, isWaiting: () => waiting > 0, answer: () => gate.resolve() };
}
