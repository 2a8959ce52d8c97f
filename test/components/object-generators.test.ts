import assert from 'node:assert/strict';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { eventsOf, patchObject, requestPass, useController } from '../harness/controller-suite.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  grantRole,
  readObject,
  waitFor,
} from './cluster-objects.ts';
import { looseCrd } from './flux-crds.ts';
import type { KubeObject } from './kube-request.ts';

const IMAGE_POLICY_CRD = looseCrd({
  group: 'image.toolkit.fluxcd.io',
  version: 'v1',
  kind: 'ImagePolicy',
  plural: 'imagepolicies',
});
const GITOPS_CLUSTER_CRD = looseCrd({
  group: 'gitops.weave.works',
  version: 'v1alpha1',
  kind: 'GitopsCluster',
  plural: 'gitopsclusters',
});

/** Milliseconds within which a change must be seen; no set here has an interval. */
const SOON = 10_000;
/** Stands in a Secret, and must not be seen in what is told of the set. */
const CANARY = 'canary-5e2d';

describe('generators that read objects of a cluster', function suite() {
  this.timeout(60_000);
  const { server } = useController({ crds: [IMAGE_POLICY_CRD, GITOPS_CLUSTER_CRD] });
  let namespace = '';
  beforeEach(async () => {
    namespace = await createNamespace(server());
  });

  /** A set that makes a ConfigMap `out-<name>` with the text for each element. */
  function setOf(generator: object, text: string, spec: object = {}): ClusterSet {
    const content = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'out-{{ .ElementIndex }}', labels: { made: 'here' } },
      data: { text },
    };
    return clusterSet(namespace, [], {
      spec: {
        generators: [generator],
        templates: [{ content }],
        guard: { onEmpty: 'prune', maxPrune: '100%' },
        ...spec,
      },
    });
  }

  const object = (kind: string, name: string, parts: object = {}, labels = {}): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, labels },
    ...parts,
  });
  const apply = (it: KubeObject) => applyObject(server(), it);

  /** An account that may do anything with these kinds, in all namespaces. */
  async function allowEverywhere(name: string, kinds: readonly string[]): Promise<void> {
    await createServiceAccount(server(), { name, namespace });
    const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${namespace}-${name}` };
    const rules = kinds.map((kind) => {
      const [plural = '', ...group] = kind.split('.');
      return { apiGroups: [group.join('.')], resources: [plural], verbs: ['*'] };
    });
    const metadata = { name: role.name };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await apply({ apiVersion, kind: 'ClusterRole', metadata, rules });
    const subjects = [{ kind: 'ServiceAccount', name, namespace }];
    await apply({ apiVersion, kind: 'ClusterRoleBinding', metadata, roleRef: role, subjects });
  }

  /** What the set has made, in the order of its elements. */
  async function texts(): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=made%3Dhere`;
    const { body } = await server().request<{ items: { data: { text: string } }[] }>('GET', path);
    return body.items.map(({ data }) => data.text).join(' ');
  }

  /** Waits until the set has made exactly these, without being asked to. */
  const waitForTexts = (wanted: string) =>
    waitFor(`the texts ${wanted}`, async () => ((await texts()) === wanted ? true : undefined), SOON);

  it('give the data of a ConfigMap, and follow it at once, also where it comes late and goes', async () => {
    const set = setOf({ config: { kind: 'ConfigMap', name: 'environment' } }, '{{ .Element.name }}');
    await apply(set);
    const missing = new RegExp(`ConfigMap ${namespace}/environment does not exist`);
    await waitForCondition(server(), set, { status: 'False', message: missing });
    const environment = object('ConfigMap', 'environment', { data: { name: 'one' } });
    await apply(environment);
    await waitForTexts('one');
    await patchObject(server(), environment, { data: { name: 'two' } });
    await waitForTexts('two');
    await deleteObject(server(), environment);
    await waitForCondition(server(), set, { status: 'False', message: missing });
    assert.equal(await texts(), 'two');
  });

  it('give the data of a Secret, and show nothing of it in status and events', async () => {
    await apply(object('Secret', 'token', { stringData: { password: CANARY } }));
    const tune = [{ name: 'limit', from: '{{ .Element.password }}', unit: 'memory' }];
    const set = setOf({ config: { kind: 'Secret', name: 'token' } }, '{{ .Element.password }}');
    await apply(set);
    await waitForTexts(CANARY);
    await patchObject(server(), set, { spec: { tune } });
    const failed = await waitForCondition(server(), set, {
      status: 'False',
      message: /no element has a valid/,
    });
    const told = JSON.stringify(failed.status) + (await eventsOf(server(), set)).join('\n');
    assert.ok(!told.includes(CANARY), told);
  });

  it('give the objects that a selector takes, and follow those that come, change and go', async () => {
    const selector = {
      matchLabels: { team: 'apps' },
      matchExpressions: [{ key: 'off', operator: 'DoesNotExist' }],
    };
    const generator = { object: { apiVersion: 'v1', kind: 'Secret', selector } };
    const secret = (name: string, labels = {}) =>
      object('Secret', name, { stringData: { n: name } }, { team: 'apps', ...labels });
    await apply(secret('b'));
    await apply(object('Secret', 'other'));
    await apply(setOf(generator, '{{ .Element.metadata.name }}'));
    await waitForTexts('b');
    await apply(secret('a'));
    await waitForTexts('a b');
    await apply(secret('c', { off: 'yes' }));
    await patchObject(server(), secret('b'), { metadata: { labels: { off: 'yes' } } });
    await waitForTexts('a');
    await patchObject(server(), secret('c'), { metadata: { labels: { off: null } } });
    await waitForTexts('a c');
    await deleteObject(server(), secret('a'));
    await waitForTexts('c');
  });

  it('give what a path finds in an object, number for number', async () => {
    const data = { teams: JSON.stringify([]) };
    await apply(object('ConfigMap', 'plain', { data }));
    const cluster = (name: string): KubeObject => ({
      apiVersion: 'gitops.weave.works/v1alpha1',
      kind: 'GitopsCluster',
      metadata: { name, namespace },
      spec: {
        teams: [
          { name: 'x', n: 9007199254740991 },
          { name: 'y', n: 2 },
        ],
      },
    });
    await apply(cluster('one'));
    const generator = {
      object: {
        apiVersion: 'gitops.weave.works/v1alpha1',
        kind: 'GitopsCluster',
        name: 'one',
        jsonPath: '{.spec.teams}',
      },
    };
    await apply(setOf(generator, '{{ .Element.name }}={{ .Element.n }}'));
    await waitForTexts('x=9007199254740991 y=2');
  });

  it('give clusters of all namespaces, and the image of a policy once it has one', async () => {
    const label = { [namespace]: 'yes' };
    const cluster = (name: string, place: string): KubeObject => ({
      apiVersion: 'gitops.weave.works/v1alpha1',
      kind: 'GitopsCluster',
      metadata: { name, namespace: place, labels: label },
    });
    const other = await createNamespace(server());
    await apply(cluster('one', namespace));
    const policy: KubeObject = {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      metadata: { name: 'podinfo', namespace },
    };
    await apply(policy);
    const set = setOf({ imagePolicy: { policyRef: 'podinfo' } }, '{{ .Element.latestTag }}');
    await apply(set);
    await waitForCondition(server(), set, { message: /ImagePolicy .*\/podinfo has no latest image yet/ });
    const status = { latestRef: { name: 'ghcr.io/stefanprodan/podinfo', tag: '6.5.1' } };
    await patchObject(server(), policy, { status }, { status: true });
    await waitForTexts('6.5.1');

    const generators = [{ cluster: { selector: { matchLabels: label } } }];
    const { spec } = setOf({}, '{{ .Element.ClusterName }}') as { spec?: { templates: object[] } };
    await patchObject(server(), set, { spec: { generators, templates: spec?.templates } });
    await waitForCondition(server(), set, {
      reason: 'AccessDenied',
      message: /GitopsCluster of all namespaces/,
    });
    await allowEverywhere('clusters', ['gitopsclusters.gitops.weave.works', 'configmaps']);
    await patchObject(server(), set, { spec: { serviceAccountName: 'clusters' } });
    await waitForTexts('one');
    await apply(cluster('two', other));
    await waitFor(
      'both',
      async () => ((await texts()).split(' ').sort().join() === 'one,two' ? true : undefined),
      SOON,
    );
  });

  it('say what an account may not list, and go on once it may', async () => {
    const account = await createServiceAccount(server(), { name: 'tenant', namespace });
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }];
    await grantRole(server(), { user: account.user, namespace, name: 'maps' }, rules);
    await apply(object('Secret', 'a', {}, { team: 'apps' }));
    const generator = {
      object: { apiVersion: 'v1', kind: 'Secret', selector: { matchLabels: { team: 'apps' } } },
    };
    const set = setOf(generator, '{{ .Element.metadata.name }}', { serviceAccountName: 'tenant' });
    await apply(set);
    await waitForCondition(server(), set, {
      status: 'False',
      message: new RegExp(
        `${account.user} may not list secrets in namespace ${namespace}: grant it the verb list`,
      ),
    });
    const present = await readObject<ClusterSet>(server(), set);
    assert.match(JSON.stringify(present?.status), /may not be watched: secrets in/);
    assert.equal(await texts(), '');

    const lists = [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }];
    await grantRole(server(), { user: account.user, namespace, name: 'list' }, lists);
    await waitFor('the right', async () => {
      const { status } = await requestPass(server(), set);
      return (
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') || undefined
      );
    });
    assert.equal(await texts(), 'a');
    const unwatched = await readObject<ClusterSet>(server(), set);
    assert.match(JSON.stringify(unwatched?.status), /may not be watched: secrets in/);
  });
});
