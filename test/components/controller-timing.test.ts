import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { FORCE_AT, REQUESTED_AT } from '../../src/api/requests.ts';
import { type ClusterSet, clusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { startController } from '../harness/controller.ts';
import { type AnswerServer, answeredSet, startAnswers } from '../harness/controller-answers.ts';
import {
  annotate,
  eventsOf,
  patchObject,
  readyOf,
  requestPass,
  useController,
  writesIn,
} from '../harness/controller-suite.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  type PolicyRule,
  readObject,
  waitFor,
} from './cluster-objects.ts';
import { KUSTOMIZATION_CRD, looseCrd } from './flux-crds.ts';
import type { KubeObject } from './kube-request.ts';

/** Sets with this label are for a controller whose clock is another. */
const SHIFTED = 'test.generatorset.dev/shifted';

/** A kind without namespaces that only the cluster knows to be one. */
const ZONE = { group: 'timing.example.com', version: 'v1', kind: 'Zone', plural: 'zones' } as const;

/** Milliseconds in which whatever would happen at once has happened. */
const A_WHILE = 1000;

const rule = (apiGroup: string, resource: string, verbs: string[]): PolicyRule => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs,
});
const WATCH = ['get', 'list', 'watch'];
const APPLY = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

describe('when a controller makes a pass', function suite() {
  this.timeout(90_000);
  const { server } = useController({
    crds: [KUSTOMIZATION_CRD, looseCrd({ ...ZONE, scope: 'Cluster' })],
    flags: [`--watch-label-selector=!${SHIFTED}`],
  });
  let answers: AnswerServer;
  let namespace = '';
  beforeEach(async () => {
    namespace = await createNamespace(server());
    answers = await startAnswers(['a']);
  });
  afterEach(() => answers?.close());

  it('paces a set that reads what it writes', async () => {
    await applyObject(server(), configMap('loop'));
    const content = { ...configMap('loop'), data: { version: '{{ .Element.metadata.resourceVersion }}' } };
    const generators = [{ object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'loop' } }];
    const set = clusterSet(namespace, [], { spec: { generators, templates: [{ content }] } });
    const mark = await server().markAudit();
    await applyObject(server(), set);
    await delay(8000);
    const writes = await writesIn(server(), namespace, mark);
    const passes = writes.filter((write) => write === 'patch configmaps loop').length;
    assert.ok(passes > 5 && passes < 15, `${passes} passes`);
  });

  const configMap = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
  });
  const read = (name: string) => readObject<KubeObject>(server(), configMap(name));
  const ready = (set: ClusterSet) =>
    waitForCondition(server(), set, { status: 'True', reason: 'ReconciliationSucceeded' }, 30_000);
  const counted = () => answers.asked.length;

  describe('dependsOn', () => {
    it('waits for another set, and goes on as soon as that is ready', async () => {
      const set = answeredSet(namespace, answers, { spec: { dependsOn: [{ name: 'first' }] } });
      await applyObject(server(), set);
      const waiting = await waitForCondition(server(), set, { reason: 'DependencyNotReady' });
      assert.equal(
        readyOf(waiting),
        `False DependencyNotReady: waits for GeneratorSet/${namespace}/first, which does not exist`,
      );
      const first = answeredSet(namespace, answers, { name: 'first', generator: { jsonPath: '{.nothing}' } });
      await applyObject(server(), first);
      await waitForCondition(server(), first, { status: 'False' });
      await waitForCondition(server(), set, { message: /first, which has / });
      assert.equal(await read('a'), undefined);
      const mended = answeredSet(namespace, answers, {
        name: 'first',
        spec: { generators: [{ list: { elements: [{ name: 'b' }] } }] },
      });
      await applyObject(server(), mended);
      await ready(first);
      const begun = Date.now();
      await ready(set);
      assert.ok(Date.now() - begun < 3000, 'woken by the watch, before the 5 s are over');
      assert.ok(await read('a'));
    });

    it('waits for a Kustomization until its readyExpr is true, as an account with these rights only', async () => {
      await createServiceAccount(server(), { name: 'tenant', namespace }, [
        rule('', 'configmaps', APPLY),
        rule('kustomize.toolkit.fluxcd.io', 'kustomizations', WATCH),
      ]);
      const dependency: KubeObject = {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'infra', namespace },
        spec: { path: './' },
      };
      const { apiVersion, kind } = dependency;
      const readyExpr =
        "dep.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True') && dep.status.lastAppliedRevision == self.metadata.annotations['wanted']";
      const spec = {
        serviceAccountName: 'tenant',
        dependsOn: [{ apiVersion, kind, name: 'infra', readyExpr }],
      };
      const set = answeredSet(namespace, answers, { spec });
      await applyObject(server(), dependency);
      await applyObject(server(), {
        ...set,
        metadata: { ...set.metadata, annotations: { wanted: 'main@2' } },
      });
      await waitForCondition(server(), set, {
        reason: 'DependencyNotReady',
        message: /infra, which is not ready/,
      });
      const status = (lastAppliedRevision: string) => ({
        status: { lastAppliedRevision, conditions: [{ type: 'Ready', status: 'True' }] },
      });
      await patchObject(server(), dependency, status('main@1'), { status: true });
      await delay(A_WHILE);
      assert.equal(await read('a'), undefined);
      await patchObject(server(), dependency, status('main@2'), { status: true });
      const done = await ready(set);
      assert.equal(conditionOf(done, 'Unwatched'), undefined);

      // Once it runs, what its dependency says is of no account until the next pass.
      const asked = counted();
      await patchObject(server(), dependency, { status: { observed: 'more' } }, { status: true });
      await patchObject(server(), dependency, { metadata: { labels: { a: 'b' } } });
      await delay(A_WHILE);
      assert.equal(counted(), asked);
      await patchObject(server(), dependency, status('main@3'), { status: true });
      assert.match(
        readyOf(await requestPass(server(), set)),
        /^False DependencyNotReady: .*infra, which is not ready/,
      );
    });

    it('says where two sets wait for each other', async () => {
      const one = clusterSet(namespace, ['a'], { name: 'one', spec: { dependsOn: [{ name: 'two' }] } });
      const two = clusterSet(namespace, ['b'], { name: 'two', spec: { dependsOn: [{ name: 'one' }] } });
      await applyObject(server(), one);
      await applyObject(server(), two);
      await waitForCondition(server(), one, { message: /two, which .* and depends on this set in turn$/ });
      await waitForCondition(server(), two, { message: /one, which .* and depends on this set in turn$/ });
    });
  });

  describe('what it reads', () => {
    const secret = (token: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'headers', namespace },
      data: { authorization: Buffer.from(`Bearer ${token}`).toString('base64') },
    });
    const lastAuthorization = () => answers.asked.at(-1)?.authorization;

    it('is followed when it changes, also after passes that did not read it', async () => {
      await applyObject(server(), secret('one'));
      const set = answeredSet(namespace, answers, {
        generator: { headersRef: { kind: 'Secret', name: 'headers' } },
      });
      await applyObject(server(), set);
      await ready(set);
      assert.equal(lastAuthorization(), 'Bearer one');

      // Drift is mended from memory
      const asked = counted();
      await patchObject(server(), configMap('a'), { data: { team: 'mine' } });
      await waitFor('the drift to be mended', async () => {
        const data = (await read('a'))?.['data'] as { team?: string };
        return data.team === 'a';
      });
      assert.equal(counted(), asked);

      await applyObject(server(), secret('two'));
      await waitFor('the new token to be used', () => lastAuthorization() === 'Bearer two', 5000);
    });

    it('is followed once per interval where its account may not watch it', async () => {
      const rules = [rule('', 'configmaps', APPLY), rule('', 'secrets', ['get'])];
      await createServiceAccount(server(), { name: 'tenant', namespace }, rules);
      await applyObject(server(), secret('one'));
      const headersRef = { kind: 'Secret', name: 'headers' };
      const set = answeredSet(namespace, answers, {
        spec: { serviceAccountName: 'tenant' },
        generator: { headersRef, interval: '5s' },
      });
      await applyObject(server(), set);
      const done = await ready(set);
      assert.equal(conditionOf(done, 'Unwatched')?.message, `may not be watched: secrets in ${namespace}`);
      // Without a watch the interval still brings the change.
      await applyObject(server(), secret('two'));
      await waitFor('the new token to be used', () => lastAuthorization() === 'Bearer two', 15_000);
    });
  });

  describe('suspend', () => {
    it('leaves everything as it is, drift and requests included, and resumes at once', async () => {
      answers.names = ['a', 'kept'];
      const set = answeredSet(namespace, answers, { generator: { interval: '5s' } });
      await applyObject(server(), set);
      await ready(set);
      await patchObject(server(), set, { spec: { suspend: true } });
      await delay(A_WHILE);
      const [asked, mark] = [counted(), await server().markAudit()];
      await deleteObject(server(), configMap('a'));
      await annotate(server(), set, { [REQUESTED_AT]: 'now' });
      await delay(6500);
      assert.equal(counted(), asked);
      assert.equal(await read('a'), undefined);
      assert.deepEqual(await writesIn(server(), namespace, mark), []);

      answers.names = ['a', 'b', 'kept'];
      await patchObject(server(), set, { spec: { suspend: false } });
      await waitFor('the resources', async () => (await read('a')) && (await read('b')), 5000);
      const done = await ready(set);
      assert.equal(done.status?.lastHandledReconcileAt, 'now');
      const [, resumed] = await waitFor('both events', async () => {
        const events = await eventsOf(server(), set);
        return events.length > 1 ? events : undefined;
      });
      assert.match(
        resumed ?? '',
        /^ReconciliationSucceeded: ConfigMap\S+a created\nConfigMap\S+b created\nElement: /,
      );
    });
  });

  describe('requests', () => {
    it('are followed once each, and recorded', async () => {
      const set = answeredSet(namespace, answers);
      await applyObject(server(), set);
      await ready(set);
      assert.equal(counted(), 1);
      for (const [value, times] of [
        ['1', 2],
        ['1', 2],
        ['2', 3],
      ] as const) {
        await annotate(server(), set, { [REQUESTED_AT]: value });
        await delay(A_WHILE);
        assert.equal(counted(), times, `after ${JSON.stringify(value)}`);
      }
      const done = await readObject<ClusterSet>(server(), set);
      assert.equal(done?.status?.lastHandledReconcileAt, '2');
      assert.equal(done?.status?.lastHandledForceAt, undefined);
    });

    it('are recorded for a set that no pass can use, too', async () => {
      const set = answeredSet(namespace, answers, { generator: { interval: '1s' } });
      await applyObject(server(), set);
      await waitForCondition(server(), set, { type: 'Stalled', status: 'True' });
      const stalled = await requestPass(server(), set);
      assert.match(readyOf(stalled), /^False ValidationFailed: .*must be at least 5s/);
      assert.equal(counted(), 0);
    });

    it('during a pass are followed after it', async () => {
      const set = answeredSet(namespace, answers);
      await applyObject(server(), set);
      await ready(set);
      for (let i = 1; i <= 20; i++) {
        await annotate(server(), set, { [REQUESTED_AT]: `${i}` });
        if (i % 4 === 0) await delay(30);
      }
      await waitFor('the last of them', async () => {
        const { status } = (await readObject<ClusterSet>(server(), set)) ?? {};
        return status?.lastHandledReconcileAt === '20';
      });
    });

    it('with force replace what cannot be changed, once', async () => {
      const set = (team: string): ClusterSet => {
        const content = { ...configMap('fixed'), immutable: true, data: { team } };
        return clusterSet(namespace, ['x'], { spec: { templates: [{ content }] } });
      };
      await applyObject(server(), set('one'));
      await ready(set(''));
      const before = await read('fixed');
      await applyObject(server(), set('two'));
      await waitForCondition(server(), set(''), { status: 'False', message: /immutable/ });

      // A forceAt without a requestedAt of the same value forces nothing.
      await annotate(server(), set(''), { [FORCE_AT]: 'f', [REQUESTED_AT]: 'r' });
      await waitFor('the request to be handled', async () => {
        const { status } = (await readObject<ClusterSet>(server(), set(''))) ?? {};
        return status?.lastHandledReconcileAt === 'r';
      });
      assert.equal((await read('fixed'))?.metadata.uid, before?.metadata.uid);

      await annotate(server(), set(''), { [FORCE_AT]: 's', [REQUESTED_AT]: 's' });
      const done = await ready(set(''));
      assert.equal(done.status?.lastHandledForceAt, 's');
      const after = await read('fixed');
      assert.notEqual(after?.metadata.uid, before?.metadata.uid);
      assert.deepEqual(after?.['data'], { team: 'two' });

      await applyObject(server(), set('three'));
      await waitForCondition(server(), set(''), { status: 'False', message: /immutable/ });
      assert.equal((await read('fixed'))?.metadata.uid, after?.metadata.uid);
    });
  });

  it('is its interval also after an answer that makes one object of two elements', async () => {
    answers.names = ['a', 'b'];
    const metadata = { name: namespace, namespace: '{{ .Element.name }}' };
    const content = { apiVersion: `${ZONE.group}/${ZONE.version}`, kind: ZONE.kind, metadata };
    const set = answeredSet(namespace, answers, {
      spec: { templates: [{ content }] },
      generator: { interval: '5s' },
    });
    await applyObject(server(), set);
    const failed = await waitForCondition(server(), set, {
      status: 'False',
      reason: 'BuildFailed',
      message: /are the same object, the cluster keeps Zone without namespaces/,
    });
    assert.equal(conditionOf(failed, 'Stalled'), undefined);
    answers.names = ['a'];
    await ready(set);
  });

  it('is the time of its schedule, and no interval outside its windows', async () => {
    const set = answeredSet(namespace, answers, {
      spec: { schedule: [{ cron: '* * * * *' }] },
      generator: { interval: '5s' },
    });
    await applyObject(server(), { ...set, metadata: { ...set.metadata, labels: { [SHIFTED]: '' } } });
    // Fifteen seconds before a full minute.
    const shift = 45_000 - (Date.now() % 60_000);
    const clock = new URL('../harness/controller-clock.ts', import.meta.url).href;
    const shifted = await startController(server(), {
      flags: [`--watch-label-selector=${SHIFTED}`],
      env: { NODE_OPTIONS: `--import=${clock}`, TEST_CLOCK_SHIFT: String(shift) },
    });
    try {
      await waitFor('the first pass', () => counted() === 1);
      await waitFor('the pass of the full minute', () => counted() === 2, 70_000);
      const [, { at = 0 } = {}] = answers.asked;
      const seconds = ((at + shift) % 60_000) / 1000;
      assert.ok(seconds < 5, `${seconds} s after the minute`);
      await delay(6000);
      assert.equal(counted(), 2);
    } finally {
      await shifted.stop('SIGKILL');
    }
  });
});
