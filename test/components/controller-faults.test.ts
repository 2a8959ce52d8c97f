import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { patchObject, requestPass, useController, writesIn } from '../harness/controller-suite.ts';
import { type AdmissionWebhook, startWebhook, WATCHED_BY } from './admission-webhook.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  establishCrd,
  grantRole,
  readObject,
  removeCrd,
  waitFor,
} from './cluster-objects.ts';
import { type Fault, type FaultPlace, proveFault } from './controller-faults-proof.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** Retries come soon, so that recovery is seen soon. */
const FLAGS = ['--min-retry-delay=250ms', '--max-retry-delay=1s'];

describe('a fault of the cluster', function suite() {
  this.timeout(90_000);
  const { server } = useController({ flags: FLAGS });
  let denying: AdmissionWebhook;
  let down: AdmissionWebhook;
  let changing: AdmissionWebhook;
  before(async () => {
    denying = await startWebhook(server(), { name: 'denying', kind: 'Validating' });
    down = await startWebhook(server(), { name: 'down', kind: 'Validating' });
    changing = await startWebhook(server(), { name: 'changing', kind: 'Mutating' });
  });
  after(() => Promise.all([denying, down, changing].map((webhook) => webhook?.close())));

  const configMap = ({ namespace }: FaultPlace, name: string, rest: object = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    ...rest,
  });
  const labelled = ({ server, namespace }: FaultPlace, webhook: string) =>
    applyObject(server, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { [WATCHED_BY]: webhook } },
    });
  const names =
    (...items: string[]) =>
    (place: FaultPlace) =>
      clusterSet(place.namespace, items);
  const templated =
    (content: object, spec: object = {}) =>
    ({ namespace }: FaultPlace): ClusterSet =>
      clusterSet(namespace, ['a'], { spec: { templates: [{ content }], ...spec } });
  const tenant =
    (...items: string[]) =>
    ({ namespace }: FaultPlace) =>
      clusterSet(namespace, items, { spec: { serviceAccountName: 'tenant' } });
  const CONFIG_MAP_RULES = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }];
  const tenantUser = (namespace: string) => `system:serviceaccount:${namespace}:tenant`;

  const faults: readonly Fault[] = [
    {
      what: 'a field that another manager has applied',
      prepare: (place) =>
        applyObject(server(), configMap(place, 'b', { data: { team: 'other' } }), { fieldManager: 'rival' }),
      meets: names('a', 'b'),
      expected: {
        status: 'False',
        reason: 'ReconciliationFailed',
        message: /^ConfigMap\/\S+\/b: conflict with "rival": \.data\.team \(remove/,
        kstatus: 'InProgress',
        done: ['patch configmaps a'],
        refused: ['patch configmaps b'],
        recovery: 3000,
      },
      mend: (place) => applyObject(server(), configMap(place, 'b'), { fieldManager: 'rival' }),
    },
    {
      what: 'a field that cannot be changed',
      first: (place) =>
        templated(configMap(place, 'fixed', { immutable: true, data: { version: '1' } }))(place),
      meets: (place) =>
        templated(configMap(place, 'fixed', { immutable: true, data: { version: '2' } }))(place),
      expected: {
        status: 'False',
        reason: 'ReconciliationFailed',
        message: /ConfigMap\/\S+\/fixed: .*immutable.*generatorset\.dev\/force: enabled/,
        kstatus: 'InProgress',
        done: [],
        refused: ['patch configmaps fixed'],
        recovery: 3000,
      },
      mend: (place) => deleteObject(server(), configMap(place, 'fixed')),
      after: async (place) => {
        const fixed = await readObject(server(), configMap(place, 'fixed'));
        assert.deepEqual(fixed?.['data'], { version: '2' });
      },
    },
    {
      what: 'rights that are taken away while it runs',
      prepare: ({ namespace }) =>
        createServiceAccount(server(), { name: 'tenant', namespace }, CONFIG_MAP_RULES),
      first: tenant('a', 'b', 'c', 'd', 'e'),
      strike: ({ namespace }) =>
        deleteObject(server(), {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: 'tenant', namespace },
        }),
      // One comes and one goes.
      meets: tenant('a', 'b', 'c', 'd', 'f'),
      expected: {
        status: 'False',
        reason: 'AccessDenied',
        message:
          /ConfigMap\/\S+\/f: .*system:serviceaccount:\S+:tenant" cannot patch resource "configmaps".*grant/,
        kstatus: 'InProgress',
        done: [],
        refused: ['patch configmaps f'],
        pruned: ['configmaps e'],
        recovery: 4000,
      },
      mend: async ({ namespace }) => {
        await grantRole(
          server(),
          { user: tenantUser(namespace), namespace, name: 'tenant' },
          CONFIG_MAP_RULES,
        );
      },
    },
    {
      what: 'a webhook that denies one of ten objects',
      prepare: async (place) => {
        await labelled(place, 'denying');
        denying.answer = ({ name }) => (name === 'e' ? { refusal: 'e is not allowed here' } : {});
      },
      meets: names('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'),
      expected: {
        status: 'False',
        reason: 'ReconciliationFailed',
        message:
          /^ConfigMap\/\S+\/e: .*denying\.generatorset\.dev" denied the request: e is not allowed here$/,
        kstatus: 'InProgress',
        done: [...'abcdfghij'].map((name) => `patch configmaps ${name}`),
        refused: ['patch configmaps e'],
        recovery: 3000,
      },
      mend: async () => {
        denying.answer = () => ({});
      },
    },
    {
      what: 'a webhook that is down',
      prepare: (place) => labelled(place, 'down'),
      first: names('a', 'b', 'c'),
      strike: () => down.takeDown(),
      meets: names('a', 'b', 'd'),
      expected: {
        status: 'False',
        reason: 'ReconciliationFailed',
        message: /^ConfigMap\/\S+\/d: .*failed calling webhook "down\.generatorset\.dev"/,
        kstatus: 'InProgress',
        done: [],
        refused: ['patch configmaps d'],
        pruned: ['configmaps c'],
        recovery: 4000,
      },
      mend: () => down.bringBack(),
    },
    {
      what: 'a kind that does not exist yet',
      meets: (place) => templated(widget(place, 'early'))(place),
      expected: {
        status: 'False',
        reason: 'KindMissing',
        message:
          /Early\/\S+\/w: the cluster has no kind Early in early\.example\/v1: install its CustomResource/,
        kstatus: 'InProgress',
        done: [],
        refused: [],
        recovery: 15_000,
      },
      mend: () => establishCrd(server(), definitionOf('early')),
    },
    {
      what: 'a kind that goes while objects of it are applied',
      prepare: () => establishCrd(server(), definitionOf('late')),
      first: (place) => both(place, 'late', { version: '1' }),
      strike: async (place) => {
        await removeCrd(server(), definitionOf('late'));
        await waitForCondition(server(), both(place, 'late'), { reason: 'KindMissing' });
      },
      meets: (place) => both(place, 'late', { version: '2' }),
      expected: {
        status: 'False',
        reason: 'KindMissing',
        message: /Late\/\S+\/w: the cluster has no kind Late in late\.example\/v1/,
        kstatus: 'InProgress',
        done: ['patch configmaps other'],
        refused: [],
        recovery: 15_000,
      },
      mend: () => establishCrd(server(), definitionOf('late')),
      after: async (place) => assert.ok(await readObject(server(), widget(place, 'late'))),
    },
    {
      what: 'a kind that is being deleted, while an object of somebody else holds it',
      prepare: async (place) => {
        await establishCrd(server(), definitionOf('leaving'));
        await applyObject(server(), held(place));
      },
      first: (place) => both(place, 'leaving', { version: '1' }),
      strike: async (place) => {
        await deleteObject(server(), definitionOf('leaving'));
        await waitFor('the kind to take nothing', () => isLeaving(server()));
        // It may have been made anew a moment before.
        await deleteObject(server(), widget(place, 'leaving'));
        await waitForCondition(server(), both(place, 'leaving'), { reason: 'KindTerminating' });
      },
      meets: (place) => both(place, 'leaving', { version: '2' }),
      expected: {
        status: 'False',
        reason: 'KindTerminating',
        message: /Leaving\/\S+\/w: the kind Leaving of leaving\.example\/v1 is being deleted with all of/,
        kstatus: 'InProgress',
        done: ['patch configmaps other'],
        refused: [],
        recovery: 15_000,
      },
      mend: async (place) => {
        await patchObject(server(), held(place), { metadata: { finalizers: null } });
        await removeCrd(server(), definitionOf('leaving'));
        await establishCrd(server(), definitionOf('leaving'));
      },
      after: async (place) => assert.ok(await readObject(server(), widget(place, 'leaving'))),
    },
    {
      what: 'a namespace that does not exist yet',
      meets: (place) => elsewhere(place),
      expected: {
        status: 'False',
        reason: 'NamespaceMissing',
        message: /namespace test-\S+-else does not exist/,
        kstatus: 'InProgress',
        done: [],
        refused: [],
        recovery: 8000,
      },
      mend: ({ namespace }) => applyObject(server(), namespaceOf(`${namespace}-else`)),
    },
    {
      what: 'a namespace that is being terminated',
      prepare: async ({ namespace }) => {
        await applyObject(server(), namespaceOf(`${namespace}-else`));
        await deleteObject(server(), namespaceOf(`${namespace}-else`));
      },
      meets: (place) => elsewhere(place),
      expected: {
        status: 'False',
        reason: 'NamespaceTerminating',
        message: /namespace test-\S+-else is being terminated/,
        kstatus: 'InProgress',
        done: [],
        refused: [],
        // It is looked at every half minute.
        recovery: 40_000,
      },
      mend: async ({ namespace }) => {
        const path = `/api/v1/namespaces/${namespace}-else/finalize`;
        await server().request('PUT', path, {
          ...namespaceOf(`${namespace}-else`),
          spec: { finalizers: [] },
        });
        await applyObject(server(), namespaceOf(`${namespace}-else`));
      },
    },
  ];

  for (const fault of faults) {
    it(`is said and survived: ${fault.what}`, async () => {
      await proveFault(server(), fault);
    });
  }

  it('is no fight where a webhook changes what is applied: it is applied once', async () => {
    const namespace = await createNamespace(server());
    await labelled({ server: server(), namespace }, 'changing');
    changing.answer = () => ({ patch: [{ op: 'add', path: '/data/team', value: 'changed' }] });
    const set = clusterSet(namespace, ['a', 'b']);
    await applyObject(server(), set);
    await waitForCondition(server(), set, { status: 'True', reason: 'ReconciliationSucceeded' });
    const mark = await server().markAudit();
    for (let pass = 0; pass < 3; pass++) await requestPass(server(), set);
    await delay(1000);
    assert.deepEqual(
      await writesIn(server(), namespace, mark),
      Array(3).fill('patch generatorsets/status teams'),
    );
    assert.deepEqual(
      (await readObject(server(), configMap({ server: server(), namespace }, 'a')))?.['data'],
      {
        team: 'changed',
      },
    );
  });

  it('is no fight where another controller owns spec.replicas, which is not rendered', async () => {
    const namespace = await createNamespace(server());
    const set = deployed(namespace, {});
    await applyObject(server(), set);
    await waitForCondition(server(), set, { status: 'True', reason: 'ReconciliationSucceeded' });
    const mark = await server().markAudit();
    for (const replicas of [3, 5, 2]) await scale(namespace, replicas);
    await requestPass(server(), set);
    await delay(1000);
    assert.deepEqual(await writesIn(server(), namespace, mark), ['patch generatorsets/status teams']);
  });

  it('rests after three rewrites where another controller owns spec.replicas, which is rendered', async () => {
    const namespace = await createNamespace(server());
    const set = deployed(namespace, { replicas: 1 });
    await applyObject(server(), set);
    await waitForCondition(server(), set, { status: 'True', reason: 'ReconciliationSucceeded' });
    const mark = await server().markAudit();
    let rewrites = 0;
    for (let change = 2; change < 9; change++) {
      await scale(namespace, change);
      await delay(500);
      const writes = await writesIn(server(), namespace, mark);
      rewrites = writes.filter((write) => write === 'patch deployments d').length;
    }
    assert.equal(rewrites, 3);
    await waitForCondition(server(), set, {
      status: 'True',
      message:
        /Deployment\/\S+\/d: it was rewritten 3 times within 10 minutes and .*autoscaler.* rests for 10 minutes/,
    });
    const live = await readObject(server(), deployment(namespace));
    assert.equal((live?.['spec'] as { replicas?: number } | undefined)?.replicas, 8);
  });

  /** As an autoscaler does. */
  async function scale(namespace: string, replicas: number): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/d?fieldManager=autoscaler`;
    const contentType = 'application/merge-patch+json';
    const { status } = await server().request('PATCH', path, { spec: { replicas } }, { contentType });
    assert.equal(status, 200);
  }
});

/** An object of a kind of its own, and its definition. */
function widget({ namespace }: FaultPlace, kind: string): KubeObject {
  return {
    apiVersion: `${kind}.example/v1`,
    kind: titled(kind),
    metadata: { name: 'w', namespace },
    spec: {},
  };
}

function definitionOf(kind: string): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind}s.${kind}.example` },
    spec: {
      group: `${kind}.example`,
      scope: 'Namespaced',
      names: { kind: titled(kind), listKind: `${titled(kind)}List`, plural: `${kind}s`, singular: kind },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

function titled(word: string): string {
  return `${word[0]?.toUpperCase()}${word.slice(1)}`;
}

/** A set of an object whose kind goes, and of one whose kind stays. */
function both(place: FaultPlace, kind: string, data: object = {}): ClusterSet {
  const { namespace } = place;
  const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace }, data };
  const templates = [{ content: widget(place, kind) }, { content: other }];
  return clusterSet(namespace, ['a'], { spec: { templates } });
}

/** An object that keeps the definition of its kind from going. */
function held(place: FaultPlace): KubeObject {
  const object = widget(place, 'leaving');
  return { ...object, metadata: { ...object.metadata, name: 'held', finalizers: ['example.com/held'] } };
}

async function isLeaving(server: KubeApiserver): Promise<boolean> {
  const path = '/apis/leaving.example/v1';
  const { body } = await server.request<{ resources: { verbs: string[] }[] }>('GET', path);
  return body.resources.every(({ verbs }) => !verbs.includes('patch'));
}

function deployment(namespace: string): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace } };
}

function deployed(namespace: string, spec: object): ClusterSet {
  const labels = { app: 'd' };
  const containers = [{ name: 'c', image: 'example.com/c:1' }];
  const template = { metadata: { labels }, spec: { containers } };
  const content = {
    ...deployment(namespace),
    spec: { ...spec, selector: { matchLabels: labels }, template },
  };
  return clusterSet(namespace, ['a'], { spec: { templates: [{ content }] } });
}

function elsewhere({ namespace }: FaultPlace): ClusterSet {
  const metadata = { name: 'x', namespace: `${namespace}-else` };
  const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  return clusterSet(namespace, ['a'], { spec: { templates: [{ content }] } });
}

function namespaceOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
