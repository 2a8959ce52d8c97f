import assert from 'node:assert/strict';
import type { ClusterSet } from '../harness/cluster-sets.ts';
import { conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { eventsOf, readyOf, requestPass } from '../harness/controller-suite.ts';
import { applyObject, deleteObject, grantRole, readObject, waitFor } from './cluster-objects.ts';
import type { KubeObject } from './kube-request.ts';
import { readGuide, type Tenant, tenantMap, tenantSet, trespasses, useTenants } from './tenancy-world.ts';

const OWNER = ['generatorset.dev/name', 'generatorset.dev/namespace'] as const;

describe('tenants that meet', function () {
  this.timeout(60_000);
  const { server, alice, mallory } = useTenants();
  /** A namespace in which the accounts of both may do anything with ConfigMaps. */
  const shared = 'shared';
  const accounts = new Set<string>();
  let mark: number;

  before(async () => {
    await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: shared } });
    for (const { namespace } of [alice(), mallory()]) {
      const user = `system:serviceaccount:${namespace}:deployer`;
      await grantRole(server(), { user, namespace: shared, name: namespace }, [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] },
      ]);
      accounts.add(user);
    }
    mark = await server().markAudit();
  });

  after('the controller acted as the accounts alone', async () => {
    assert.deepEqual(trespasses(await server().audit(mark), accounts), []);
  });

  async function apply(tenant: Tenant, set: ClusterSet): Promise<ClusterSet> {
    const { status, body } = await tenant.apply(set);
    assert.ok(status < 300, JSON.stringify(body));
    return set;
  }

  /** A set whose objects go to the shared namespace. */
  const sharing = (tenant: Tenant, name: string, map: KubeObject, spec: object = {}): ClusterSet =>
    tenantSet(tenant, name, { templates: [{ content: map }], ...spec });

  const ownersOf = (object: KubeObject | undefined) => OWNER.map((label) => object?.metadata.labels?.[label]);

  it('work as the guide sets them up', async () => {
    const sets = readGuide(alice().namespace).filter(({ kind }) => kind === 'GeneratorSet');
    assert.equal(sets.length, 1);
    const [set] = sets as [ClusterSet];
    const ready = await waitForCondition(server(), await apply(alice(), set), { status: 'True' });
    assert.equal(ready.status?.inventory?.count, 2);
    assert.equal(conditionOf(ready, 'Unwatched'), undefined);
  });

  it("cannot put another set's labels on what they make", async () => {
    const { namespace } = mallory();
    const labels = { [OWNER[0]]: 'precious', [OWNER[1]]: alice().namespace };
    const map = tenantMap(namespace, 'labelled', { labels });
    const set = await apply(mallory(), tenantSet(mallory(), 'labels', { templates: [{ content: map }] }));
    await waitForCondition(server(), set, { status: 'True' });
    assert.deepEqual(ownersOf(await readObject(server(), map)), ['labels', namespace]);
  });

  for (const force of [false, true]) {
    it(`cannot take an object from another tenant's set, ${force ? 'with' : 'without'} force`, async () => {
      const name = `claimed-${force}`;
      const hers = await apply(
        alice(),
        sharing(alice(), name, { ...tenantMap(shared, name), data: { of: 'alice' } }),
      );
      await waitForCondition(server(), hers, { status: 'True' });
      const before = await readObject(server(), tenantMap(shared, name));
      const map = { ...tenantMap(shared, name), data: { stolen: 'yes' } };
      const set = sharing(mallory(), name, map, {
        target: { apply: { force } },
        guard: { onEmpty: 'prune', maxPrune: '100%' },
      });
      await apply(mallory(), set);
      const { namespace } = alice();
      await waitForCondition(server(), set, {
        status: 'False',
        message: new RegExp(`two sets claim it, GeneratorSet/${namespace}/${name} and`),
      });
      await mallory().remove(set);
      await waitFor('the set to be gone', async () => (await readObject(server(), set)) === undefined);
      assert.deepEqual(await readObject(server(), tenantMap(shared, name)), before);
    });
  }

  it('cannot write over what people made, nor delete it with a set', async () => {
    const handmade = await applyObject(server(), { ...tenantMap(shared, 'handmade'), data: { of: 'hands' } });
    const set = await apply(mallory(), sharing(mallory(), 'adopter', tenantMap(shared, 'handmade')));
    await waitForCondition(server(), set, { status: 'False', message: /conflict with "test": \.data\.of/ });
    await mallory().remove(set);
    await waitFor('the set to be gone', async () => (await readObject(server(), set)) === undefined);
    const { managedFields: _, ...metadata } = (await readObject(server(), handmade))?.metadata ?? {};
    assert.equal(metadata.uid, handmade.metadata.uid);
    assert.equal(metadata.resourceVersion, handmade.metadata.resourceVersion);
  });

  it("cannot tie another's set to what they make", async () => {
    const precious = await apply(alice(), tenantSet(alice(), 'precious'));
    const { metadata } = await waitForCondition(server(), precious, { status: 'True' });
    const before = await readObject(server(), precious);
    const { apiVersion, kind } = precious;
    const map = tenantMap(mallory().namespace, 'tied', {
      finalizers: ['generatorset.dev/finalizer'],
      ownerReferences: [{ apiVersion, kind, name: 'precious', uid: metadata.uid, controller: true }],
    });
    const set = await apply(
      mallory(),
      tenantSet(mallory(), 'ties', { templates: [{ content: map }], guard: { onEmpty: 'prune' } }),
    );
    await waitForCondition(server(), set, { status: 'True' });
    await mallory().remove(set);
    await waitFor('the set to be gone', async () => (await readObject(server(), set)) === undefined);
    assert.deepEqual(await readObject(server(), precious), before);
  });

  it('cannot make sets that make sets for ever', async () => {
    const { namespace } = mallory();
    const user = `system:serviceaccount:${namespace}:deployer`;
    await grantRole(server(), { user, namespace, name: 'breeder' }, [
      { apiGroups: ['generatorset.dev'], resources: ['generatorsets'], verbs: ['*'] },
    ]);
    const inner = tenantSet(mallory(), 'grandchild');
    const child = { ...tenantSet(mallory(), 'child', { templates: [{ content: inner }] }) };
    // Each level of templates is rendered once, so what is inside must come out of the first as it was.
    const escaped = JSON.parse(JSON.stringify(child).replaceAll('{{', '{{ `{{` }}'));
    const mother = await apply(
      mallory(),
      tenantSet(mallory(), 'mother', { templates: [{ content: escaped }] }),
    );
    await waitForCondition(server(), mother, { status: 'True' });
    const stalled = await waitForCondition(server(), child, { status: 'False', reason: 'BuildFailed' });
    assert.match(readyOf(stalled), new RegExp(`that GeneratorSet/${namespace}/mother has made`));
    assert.equal(conditionOf(stalled, 'Stalled')?.status, 'True');
    assert.equal(await readObject(server(), inner), undefined);
    await deleteObject(server(), mother);
  });

  describe('with an account that', () => {
    /** An account of Mallory's with these verbs for ConfigMaps. */
    async function makeAccount(name: string, verbs: readonly string[]): Promise<void> {
      const { namespace } = mallory();
      const user = `system:serviceaccount:${namespace}:${name}`;
      await applyObject(server(), {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace },
      });
      await grantRole(server(), { user, namespace, name }, [
        { apiGroups: [''], resources: ['configmaps'], verbs },
      ]);
      accounts.add(user);
    }

    it('may not watch are told so, and served all the same', async () => {
      await makeAccount('blind', ['get', 'create', 'patch', 'delete']);
      const spec = { serviceAccountName: 'blind', guard: { maxPrune: '100%' } };
      const set = await apply(mallory(), tenantSet(mallory(), 'blind', { ...spec, elements: ['b1', 'b2'] }));
      const ready = await waitForCondition(server(), set, { status: 'True' });
      assert.match(conditionOf(ready, 'Unwatched')?.message ?? '', /configmaps in mallory-/);
      await apply(mallory(), tenantSet(mallory(), 'blind', { ...spec, elements: ['b1'] }));
      const gone = tenantMap(mallory().namespace, 'b2');
      await waitFor('b2 to be gone', async () => (await readObject(server(), gone)) === undefined);
    });

    it('loses its rights can do nothing from then on', async () => {
      const { namespace } = mallory();
      await makeAccount('former', ['*']);
      const set = tenantSet(mallory(), 'former', { serviceAccountName: 'former', elements: ['f1'] });
      await waitForCondition(server(), await apply(mallory(), set), { status: 'True' });
      await deleteObject(server(), roleBinding(namespace, 'former'));
      await apply(
        mallory(),
        tenantSet(mallory(), 'former', { serviceAccountName: 'former', elements: ['f2'] }),
      );
      await waitForCondition(server(), set, { status: 'False', message: /:former" cannot/ });
      assert.notEqual(await readObject(server(), tenantMap(namespace, 'f1')), undefined);
      assert.equal(await readObject(server(), tenantMap(namespace, 'f2')), undefined);
    });

    it('is gone have their objects left, with an event, when the set is deleted', async () => {
      const { namespace } = mallory();
      await makeAccount('leaver', ['*']);
      const set = tenantSet(mallory(), 'left', { serviceAccountName: 'leaver' });
      await waitForCondition(server(), await apply(mallory(), set), { status: 'True' });
      await deleteObject(server(), {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'leaver', namespace },
      });
      const since = await server().markAudit();
      await mallory().remove(set);
      await waitFor('the set to be gone', async () => (await readObject(server(), set)) === undefined);
      assert.notEqual(await readObject(server(), tenantMap(namespace, 'left')), undefined);
      const deletions = (await server().audit(since)).filter(({ verb }) => verb === 'delete');
      assert.deepEqual(
        deletions.map(({ objectRef }) => objectRef?.resource),
        ['generatorsets'],
      );
      const events = await waitFor('the event', async () => {
        const found = (await eventsOf(server(), set)).filter((event) => event.startsWith('Orphaned: '));
        return found.length > 0 && found;
      });
      assert.match(events.join('\n'), /the service account mallory-\w+\/leaver does not exist/);
    });

    it('has no rights in a namespace that ends do not hold it up', async () => {
      const ending = { ...mallory(), namespace: 'ending' };
      await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ending' } });
      const account = {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'deployer', namespace: 'ending' },
      };
      await applyObject(server(), account);
      const user = 'system:serviceaccount:ending:deployer';
      accounts.add(user);
      await grantRole(server(), { user, namespace: 'ending', name: 'deployer' }, [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] },
      ]);
      const set = tenantSet(ending, 'last');
      await applyObject(server(), set);
      await waitForCondition(server(), set, { status: 'True' });
      // In the order in which a namespace may be emptied: rights before sets.
      await deleteObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ending' } });
      await deleteObject(server(), roleBinding('ending', 'deployer'));
      await deleteObject(server(), set);
      await waitFor(
        'the set to be gone',
        async () => (await readObject(server(), set)) === undefined,
        20_000,
      );
    });
  });

  it('hold nobody else up', async () => {
    const set = tenantSet(alice(), 'calm');
    await waitForCondition(server(), await apply(alice(), set), { status: 'True' });
    assert.match(readyOf(await requestPass(server(), set)), /^True/);
  });
});

function roleBinding(namespace: string, name: string): KubeObject {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name, namespace } };
}
