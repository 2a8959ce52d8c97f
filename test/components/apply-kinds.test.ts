import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { WaitingError } from '../../src/api/errors.ts';
import type { Resource } from '../../src/api/resource.ts';
import { DeliveryError } from '../../src/plan/target.ts';
import {
  type ApplyWorld,
  actionsOf,
  configMap,
  openApplyWorld,
  owned,
  requestsSince,
} from './apply-world.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  readObject,
  waitFor,
} from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

describe('kinds and accounts on a real API server', () => {
  const server = useKubeApiserver();
  let world: ApplyWorld;
  beforeEach(async () => {
    const namespace = await createNamespace(server());
    world = await openApplyWorld(server(), { namespace, name: 'demo' });
  });
  afterEach(() => world.close());

  const own = (apiVersion: string, kind: string, name: string, fields: object = {}): Resource =>
    owned(world.set, { apiVersion, kind, metadata: { name, namespace: world.set.namespace }, ...fields });
  const global = (apiVersion: string, kind: string, name: string, fields: object = {}): Resource =>
    owned(world.set, { apiVersion, kind, metadata: { name }, ...fields });
  const read = ({ apiVersion, kind, metadata }: Resource) =>
    readObject(server(), { apiVersion, kind, metadata } as KubeObject);
  const unique = () => `t${randomBytes(4).toString('hex')}`;

  /** A definition of its own for each test, and a resource of its kind. */
  function defineWidget(scope: 'Namespaced' | 'Cluster'): { definition: Resource; apiVersion: string } {
    const group = `${unique()}.example.com`;
    const names = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const versions = [{ name: 'v1', served: true, storage: true, schema }];
    const spec = { group, scope, names, versions };
    const definition = global('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `widgets.${group}`, {
      spec,
    });
    return { definition, apiVersion: `${group}/v1` };
  }

  it('applies definitions, namespaces and roles before what needs them, whatever their order', async () => {
    const { definition, apiVersion } = defineWidget('Namespaced');
    const name = unique();
    const resources = [
      own(apiVersion, 'Widget', 'w', { spec: { size: 1 } }),
      {
        ...own('v1', 'ConfigMap', 'c'),
        metadata: { ...own('v1', 'ConfigMap', 'c').metadata, namespace: name },
      },
      global('v1', 'Namespace', name),
      definition,
    ];
    const outcome = await world.pass(resources);
    assert.equal(outcome.error, undefined);
    assert.deepEqual(Object.values(actionsOf(outcome)), Array(4).fill('created'));
    for (const resource of resources) assert.ok(await read(resource), resource.kind);
    assert.equal((await world.pass(resources)).error, undefined);
    assert.deepEqual(Object.values(actionsOf(await world.pass(resources))), Array(4).fill('unchanged'));
  });

  it('notices at once what becomes of objects whose kind came with them', async () => {
    const { definition, apiVersion } = defineWidget('Namespaced');
    const widget = own(apiVersion, 'Widget', 'w', { spec: { size: 1 } });
    assert.equal((await world.pass([definition, widget])).error, undefined);
    await deleteObject(server(), widget as KubeObject);
    await waitFor('the drift', () => world.drifted.length > 0);
    assert.match(world.drifted[0] ?? '', /_w_.*_Widget$/);
  });

  it('goes by what the cluster says about namespaces', async () => {
    const { definition, apiVersion } = defineWidget('Cluster');
    const widget = own(apiVersion, 'Widget', unique(), { spec: { size: 1 } });
    const outcome = await world.pass([definition, widget]);
    assert.equal(outcome.error, undefined);
    assert.equal((await read(widget))?.metadata.namespace, undefined);
    const id = `_${widget.metadata.name}_${apiVersion.slice(0, -3)}_Widget`;
    assert.ok(world.keeper.state?.inventory.some((entry) => entry.id === id));
    await world.pass([definition, widget]);
    assert.equal((await world.pass([definition, widget])).delivered, false);

    const twin = { ...widget, metadata: { ...widget.metadata, namespace: 'other' } };
    await assert.rejects(world.pass([definition, widget, twin]), {
      name: 'DeliveryError',
      message: /are the same object, the cluster keeps Widget without namespaces/,
    });
  });

  it('forgets objects of a kind that is gone', async () => {
    const { definition, apiVersion } = defineWidget('Namespaced');
    await applyObject(server(), definition as KubeObject);
    await world.pass([configMap(world, 'a'), definition, own(apiVersion, 'Widget', 'w')]);
    await server().request(
      'DELETE',
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`,
    );
    world.restart();
    const served = async () => (await server().request('GET', `/apis/${apiVersion}`)).status;
    while ((await served()) === 200) await new Promise((resolve) => setTimeout(resolve, 50));
    const outcome = await (await fresh(world)).pass([configMap(world, 'a')], {
      guard: { onEmpty: 'prune', maxPrune: '100%' },
    });
    assert.equal(outcome.error, undefined);
    assert.equal(actionsOf(outcome)['w'], 'skipped');
  });

  /** The same set, seen by a process that has just begun. */
  async function fresh(before: ApplyWorld): Promise<ApplyWorld> {
    world = await openApplyWorld(server(), before.set);
    world.keeper.state = before.keeper.state;
    await before.close();
    return world;
  }

  it('reports all failures at once, and applies the rest', async () => {
    const resources = [
      configMap(world, 'UPPER'),
      own('v1', 'Service', 's', { spec: { ports: [{ port: 123456, protocol: 'TCP' }] } }),
      own('example.com/v1', 'Widget', 'w'),
      {
        ...configMap(world, 'lost'),
        metadata: { ...configMap(world, 'lost').metadata, namespace: 'nowhere' },
      },
      configMap(world, 'good'),
    ];
    const { error } = await world.pass(resources);
    assert.ok(error instanceof DeliveryError);
    const lines = error.message.split('\n').sort();
    const { namespace } = world.set;
    assert.equal(lines.length, 4, error.message);
    assert.equal(lines[0], 'ConfigMap/nowhere/lost: namespace nowhere does not exist');
    assert.match(lines[1] ?? '', new RegExp(`^ConfigMap/${namespace}/UPPER: .*metadata.name: Invalid value`));
    assert.match(lines[2] ?? '', /^Service\/.*spec.ports\[0\].port: Invalid value: 123456/);
    assert.match(lines[3] ?? '', /^Widget\/.*the cluster has no kind Widget/);
    assert.ok(await read(configMap(world, 'good')));
  });

  it('waits for a namespace that is being terminated', async () => {
    const name = unique();
    await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await server().request('DELETE', `/api/v1/namespaces/${name}`);
    const resource = configMap(world, 'a');
    const { error } = await world.pass([
      { ...resource, metadata: { ...resource.metadata, namespace: name } },
    ]);
    assert.ok(error instanceof WaitingError, error?.stack);
    assert.deepEqual([error.reason, error.retryAfter], ['NamespaceTerminating', 30_000]);
  });

  it('says nothing of the content of a Secret that the server refuses', async () => {
    const secret = own('v1', 'Secret', 's', {
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 'c2VjcmV0LWNhbmFyeQ==', 'tls.key': 'not base64: canary' },
    });
    const { error } = await world.pass([secret]);
    assert.ok(error);
    assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, /canary|c2VjcmV0/);
    const bad = own('v1', 'Secret', 't', { data: { 'bad key canary': 'YQ==' } });
    const second = (await world.pass([bad])).error;
    assert.match(second?.message ?? '', /^Secret\/.*\/t: the server refuses it: Invalid/);
  });

  describe('immutable fields', () => {
    const frozen = (data: Record<string, string>, annotations?: Record<string, string>): Resource => ({
      ...configMap(world, 'a', { data, ...(annotations && { annotations }) }),
      immutable: true,
    });

    it('are reported', async () => {
      await world.pass([frozen({ a: '1' })]);
      const { error } = await world.pass([frozen({ a: '2' })]);
      assert.match(error?.message ?? '', /field is immutable.*spec.target.apply.force/);
    });

    for (const [how, options, annotations] of [
      ['with spec.target.apply.force', { spec: { force: true } }, undefined],
      ['when force is asked for', { force: true }, undefined],
      ['by annotation', {}, { 'generatorset.dev/force': 'enabled' }],
    ] as const) {
      it(`are changed by a new object ${how}`, async () => {
        await world.pass([frozen({ a: '1' }, annotations)]);
        const before = await read(frozen({}));
        const { error } = await world.pass([frozen({ a: '2' }, annotations)], options);
        assert.equal(error, undefined);
        const after = await read(frozen({}));
        assert.deepEqual(after?.['data'], { a: '2' });
        assert.notEqual(after?.metadata.uid, before?.metadata.uid);
        assert.equal((await world.pass([frozen({ a: '2' }, annotations)])).delivered, false);
      });
    }

    it('of what is not ours are not', async () => {
      await applyObject(server(), {
        ...frozen({ a: 'theirs' }),
        metadata: { name: 'a', namespace: world.set.namespace },
      } as KubeObject);
      const { error } = await world.pass([frozen({ a: 'ours' })], { force: true });
      assert.match(error?.message ?? '', /immutable/);
      assert.deepEqual((await read(frozen({})))?.['data'], { a: 'theirs' });
    });
  });

  describe('under a service account', () => {
    const VERBS = ['get', 'create', 'patch', 'delete'];
    const openTenant = async (verbs: readonly string[]): Promise<ApplyWorld> => {
      const account = { namespace: world.set.namespace, name: 'tenant' };
      await createServiceAccount(server(), account, [{ apiGroups: [''], resources: ['configmaps'], verbs }]);
      return openApplyWorld(server(), world.set, account);
    };

    it('reads each object once a pass where it may not watch, and says so', async () => {
      const tenant = await openTenant(VERBS);
      try {
        const resources = ['a', 'b'].map((name) => configMap(world, name));
        assert.equal((await tenant.pass(resources)).error, undefined);
        assert.equal(tenant.applied.unwatched(), `configmaps in ${world.set.namespace}`);
        const mark = await server().markAudit();
        assert.deepEqual(actionsOf(await tenant.pass(resources)), { a: 'unchanged', b: 'unchanged' });
        assert.deepEqual((await requestsSince(server(), world, mark)).sort(), ['get a', 'get b']);
        const outcome = await tenant.pass(resources.slice(0, 1), {
          guard: { onEmpty: 'prune', maxPrune: '100%' },
        });
        assert.deepEqual(actionsOf(outcome), { a: 'unchanged', b: 'deleted' });
      } finally {
        await tenant.close();
      }
    });

    it('names account and permission where it may not write', async () => {
      const tenant = await openTenant(['get', 'list', 'watch']);
      try {
        const { namespace } = world.set;
        const { error } = await tenant.pass([configMap(world, 'a')]);
        assert.equal(tenant.applied.unwatched(), undefined);
        assert.match(
          error?.message ?? '',
          new RegExp(`User "system:serviceaccount:${namespace}:tenant" cannot patch resource "configmaps"`),
        );
        assert.match(
          error?.message ?? '',
          new RegExp(`grant system:serviceaccount:${namespace}:tenant get, list`),
        );
      } finally {
        await tenant.close();
      }
    });

    it('refuses what it may not even look at', async () => {
      const tenant = await openTenant(['create', 'patch']);
      try {
        const { error } = await tenant.pass([configMap(world, 'a')]);
        assert.match(error?.message ?? '', /cannot get resource "configmaps"/);
        assert.equal(await read(configMap(world, 'a')), undefined);
      } finally {
        await tenant.close();
      }
    });
  });

  describe('wait', () => {
    const deployment = (replicas: number) => {
      const labels = { app: 'd' };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
      return own('apps/v1', 'Deployment', 'd', {
        spec: { replicas, selector: { matchLabels: labels }, template },
      });
    };
    const setStatus = async (resource: Resource, status: object) => {
      const path = `/apis/apps/v1/namespaces/${world.set.namespace}/deployments/d/status`;
      const generation = (await read(resource))?.metadata.generation;
      const body = { status: { observedGeneration: generation, ...status } };
      await server().request('PATCH', path, body, { contentType: 'application/merge-patch+json' });
    };
    const whole = (n: number) => ({
      replicas: n,
      updatedReplicas: n,
      readyReplicas: n,
      availableReplicas: n,
    });
    const options = { spec: { wait: true, timeout: '1m' } };

    it('waits until what was applied is ready, and asks no more then', async () => {
      const resources = [deployment(2), configMap(world, 'a')];
      const { error } = await world.pass(resources, options);
      assert.ok(error instanceof WaitingError, error?.stack);
      assert.deepEqual([error.reason, error.retryAfter], ['Progressing', 2000]);
      assert.match(
        error.message,
        /^waiting for Deployment\/.*\/d: its controller has not seen it yet \(1 of 2 ready\)$/,
      );
      await setStatus(deployment(2), { ...whole(2), readyReplicas: 1, availableReplicas: 1 });
      assert.match(
        (await world.pass(resources, options)).error?.message ?? '',
        /1 of 2 replicas are available/,
      );
      await setStatus(deployment(2), whole(2));
      assert.equal((await world.pass(resources, options)).error, undefined);
      const mark = await server().markAudit();
      assert.equal((await world.pass(resources, options)).error, undefined);
      assert.deepEqual(await requestsSince(server(), world, mark), []);
      assert.ok((await world.pass([deployment(3)], options)).error instanceof WaitingError);
    });

    it('fails after the timeout, and at once when an object has failed', async () => {
      await world.pass([deployment(1)], options);
      world.clock += 60_000;
      const late = (await world.pass([deployment(1)], options)).error;
      assert.ok(late instanceof DeliveryError && late.reason === 'HealthCheckFailed');
      assert.match(late.message, /^not ready within 1m: Deployment\/.*\/d: /);
      await world.pass([deployment(2)], options);
      const conditions = [
        { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too slow' },
      ];
      await setStatus(deployment(2), { conditions });
      const { error } = await world.pass([deployment(2)], options);
      assert.ok(error instanceof DeliveryError);
      assert.match(error.message, /^failed: Deployment\/.*\/d: too slow$/);
    });
  });
});
