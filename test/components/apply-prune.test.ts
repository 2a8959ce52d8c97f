import assert from 'node:assert/strict';
import type { Resource } from '../../src/api/resource.ts';
import { finalizeObjects } from '../../src/apply/finalize-objects.ts';
import { DeliveryError } from '../../src/plan/target.ts';
import {
  type ApplyWorld,
  actionsOf,
  configMap,
  openApplyWorld,
  owned,
  requestsSince,
} from './apply-world.ts';
import { applyObject, createNamespace, readObject, waitFor } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

/** Lets everything be deleted but the last. */
const OPEN_GUARD = { onEmpty: 'prune', maxPrune: '100%' } as const;

describe('pruning on a real API server', () => {
  const server = useKubeApiserver();
  let world: ApplyWorld;
  beforeEach(async () => {
    const namespace = await createNamespace(server());
    world = await openApplyWorld(server(), { namespace, name: 'demo' });
  });
  afterEach(() => world.close());

  const read = (name: string) =>
    readObject(server(), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: world.set.namespace },
    });
  const exist = async (...names: string[]) => {
    const found = await Promise.all(names.map(async (name) => ((await read(name)) ? name : undefined)));
    return found.filter((name) => name !== undefined);
  };
  const edit = async (name: string, change: object) => {
    const path = `/api/v1/namespaces/${world.set.namespace}/configmaps/${name}?fieldManager=kubectl-edit`;
    const contentType = 'application/merge-patch+json';
    const { status, body } = await server().request<{ metadata: { resourceVersion: string } }>(
      'PATCH',
      path,
      change,
      { contentType },
    );
    assert.equal(status, 200);
    await waitFor(
      'the watch to see the edit',
      () => world.seen(configMap(world, name))?.resourceVersion === body.metadata.resourceVersion,
    );
  };
  const all = (...names: string[]) => names.map((name) => configMap(world, name));
  const prune = (resources: readonly Resource[]) => world.pass(resources, { guard: OPEN_GUARD });

  it('deletes what is no longer rendered, in one request each', async () => {
    await world.pass(all('a', 'b', 'c'));
    const mark = await server().markAudit();
    const outcome = await prune(all('a'));
    assert.equal(outcome.error, undefined);
    assert.deepEqual(actionsOf(outcome), { a: 'unchanged', b: 'deleted', c: 'deleted' });
    assert.deepEqual((await requestsSince(server(), world, mark)).sort(), ['delete b', 'delete c']);
    assert.deepEqual([await exist('a', 'b', 'c'), world.inventory()], [['a'], ['a']]);
    assert.equal(world.keeper.state?.deletions.length, 2);
    assert.deepEqual(world.drifted, []);
  });

  it('counts what it was about to delete where it was killed before the end', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `n${index}`);
    await world.pass(all(...names));
    const first = await world.pass(all(...names.slice(2)));
    assert.deepEqual([first.plan.held, first.error], [undefined, undefined]);
    // What the killed process has written before it deleted.
    world.keeper.state = world.keeper.intended.at(-1);
    world.restart();
    const { plan } = await world.pass(all(...names.slice(4)));
    assert.match(
      plan.held?.message ?? '',
      /would delete [234] of \d+ resources after 2 in the last 24 hours/,
    );
  });

  it('deletes after a restart, too', async () => {
    await world.pass(all('a', 'b'));
    world.restart();
    await prune(all('a'));
    assert.deepEqual([await exist('a', 'b'), world.inventory()], [['a'], ['a']]);
  });

  it('holds what the guard does not allow, and touches nothing', async () => {
    await world.pass(all('a', 'b', 'c'));
    const mark = await server().markAudit();
    const { plan } = await world.pass([]);
    assert.equal(plan.held?.rule, 'onEmpty');
    assert.deepEqual(
      [await requestsSince(server(), world, mark), await exist('a', 'b', 'c')],
      [[], ['a', 'b', 'c']],
    );
  });

  it('takes after a restart the approval that was given before', async () => {
    await world.pass(all('a', 'b', 'c', 'd'));
    const { plan } = await world.pass(all('a'));
    assert.equal(plan.held?.rule, 'maxPrune');
    world.restart();
    assert.equal((await world.pass(all('a'))).plan.digest, plan.digest);
    const other = await world.pass(all('b'));
    assert.notEqual(other.plan.digest, plan.digest, 'which is for these resources alone');
  });

  it('leaves what carries the labels of nobody or of another set, and forgets it', async () => {
    await world.pass(all('a', 'b', 'c'));
    await edit('b', { metadata: { labels: { 'generatorset.dev/name': 'other' } } });
    const path = `/api/v1/namespaces/${world.set.namespace}/configmaps/c`;
    const labels = { 'generatorset.dev/name': null, 'generatorset.dev/namespace': null };
    await server().request(
      'PATCH',
      path,
      { metadata: { labels } },
      { contentType: 'application/merge-patch+json' },
    );
    await waitFor('the watch to lose it', () => world.seen(configMap(world, 'c')) === undefined);
    const outcome = await prune(all('a'));
    assert.deepEqual(actionsOf(outcome), { a: 'unchanged', b: 'skipped', c: 'skipped' });
    assert.deepEqual([await exist('a', 'b', 'c'), world.inventory()], [['a', 'b', 'c'], ['a']]);
  });

  it('keeps what says prune: disabled, until it no longer says so', async () => {
    const kept = configMap(world, 'b', { annotations: { 'generatorset.dev/prune': 'disabled' } });
    await world.pass([...all('a', 'c'), kept]);
    await edit('c', { metadata: { annotations: { 'generatorset.dev/prune': 'Disabled' } } });
    const outcome = await prune(all('a'));
    assert.deepEqual(actionsOf(outcome), { a: 'unchanged', b: 'skipped', c: 'skipped' });
    assert.deepEqual(
      [await exist('b', 'c'), world.inventory()],
      [
        ['b', 'c'],
        ['a', 'b', 'c'],
      ],
    );
    assert.equal((await prune(all('a'))).delivered, false, 'nothing is left to do');
    await edit('c', { metadata: { annotations: { 'generatorset.dev/prune': null } } });
    assert.deepEqual(actionsOf(await prune(all('a'))), { a: 'unchanged', b: 'skipped', c: 'deleted' });
  });

  it('deletes nothing with prune: false, and does when it is true again', async () => {
    await world.pass(all('a', 'b'));
    const outcome = await world.pass(all('a'), { spec: { prune: false }, guard: OPEN_GUARD });
    assert.deepEqual([outcome.delivered, actionsOf(outcome)], [false, { a: 'unchanged', b: 'skipped' }]);
    await prune(all('a'));
    assert.deepEqual(await exist('a', 'b'), ['a']);
  });

  it('forgets what is gone already', async () => {
    await world.pass(all('a', 'b'));
    await server().request('DELETE', `/api/v1/namespaces/${world.set.namespace}/configmaps/b`);
    await waitFor('the watch to lose it', () => world.seen(configMap(world, 'b')) === undefined);
    const mark = await server().markAudit();
    assert.deepEqual(actionsOf(await prune(all('a'))), { a: 'unchanged', b: 'skipped' });
    assert.deepEqual([await requestsSince(server(), world, mark), world.inventory()], [[], ['a']]);
  });

  it('deletes nothing when something could not be applied', async () => {
    await world.pass(all('a', 'b'));
    const bad = { ...configMap(world, 'NotAName'), data: {} };
    const { error } = await prune([...all('a'), bad]);
    assert.match(error?.message ?? '', /^ConfigMap\/.*\/NotAName: .*Invalid value/);
    assert.deepEqual([await exist('b'), world.inventory()], [['b'], ['NotAName', 'a', 'b']]);
    assert.equal(world.keeper.state?.deletions.length, 0);
  });

  it('keeps in the inventory what could not be deleted, and deletes the rest', async () => {
    const secret = owned(world.set, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'b', namespace: world.set.namespace },
    });
    await world.pass([...all('a', 'c'), secret]);
    const { error } = await world.withoutDeletes('secrets', () => prune(all('a')));
    assert.ok(error instanceof DeliveryError && error.reason === 'PruneFailed', error?.stack);
    assert.deepEqual([await exist('c'), world.inventory()], [[], ['a', 'b']]);
    assert.equal(world.keeper.state?.deletions.length, 1);
  });

  it('looks once more at an object that has changed since it was seen', async () => {
    await world.pass(all('a', 'b', 'c'));
    const target = () => prune(all('a'));
    const { error } = await world.beforeDeletes(async () => {
      for (const [name, owner] of [
        ['b', 'demo'],
        ['c', 'other'],
      ]) {
        const path = `/api/v1/namespaces/${world.set.namespace}/configmaps/${name}`;
        const metadata = { labels: { 'generatorset.dev/name': owner, touched: 'yes' } };
        await server().request('PATCH', path, { metadata }, { contentType: 'application/merge-patch+json' });
      }
    }, target);
    assert.equal(error, undefined);
    assert.deepEqual([await exist('a', 'b', 'c'), world.inventory()], [['a', 'c'], ['a']]);
  });

  it('refuses an object that another set has, naming both, and applies the others', async () => {
    const other = await openApplyWorld(server(), { namespace: world.set.namespace, name: 'other' });
    try {
      await other.pass([configMap(other, 'a', { data: { a: 'theirs' } })]);
      const resources = [configMap(world, 'a', { data: { a: 'ours' } }), configMap(world, 'b')];
      for (let pass = 1; pass <= 2; pass++) {
        const mark = await server().markAudit();
        const { error } = await world.pass(resources, { force: true });
        const { namespace } = world.set;
        assert.equal(
          error?.message,
          `ConfigMap/${namespace}/a: two sets claim it, GeneratorSet/${namespace}/other and ` +
            `GeneratorSet/${namespace}/demo: remove it from one of them`,
        );
        assert.deepEqual(await requestsSince(server(), world, mark), pass === 1 ? ['patch b'] : []);
      }
      assert.deepEqual((await read('a'))?.['data'], { a: 'theirs' });
      assert.deepEqual(world.inventory(), ['b'], 'what another set has is not tracked');
    } finally {
      await other.close();
    }
  });

  it('takes nothing from the inventory as permission: forged entries delete nothing', async () => {
    await applyObject(server(), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'victim', namespace: 'kube-system' },
      data: {},
    });
    await world.pass(all('a'));
    const state = world.keeper.state;
    assert.ok(state);
    const ids = [
      'kube-system_victim__ConfigMap',
      '_kube-system__Namespace',
      'nonsense',
      '_x_no.such.group_Kind',
      '__proto__',
    ];
    const forged = ids.map((id) => ({ id, path: id, digest: '', generator: 0, template: 0, version: 'v1' }));
    world.keeper.state = { ...state, inventory: [...state.inventory, ...forged] };
    const mark = await server().markAudit();
    const outcome = await prune(all('a'));
    assert.equal(outcome.error, undefined);
    assert.ok((await server().audit(mark)).every(({ verb }) => verb !== 'delete'));
    assert.deepEqual(world.inventory(), ['a']);
  });

  it('never deletes the namespace that the set itself is in', async () => {
    const { namespace } = world.set;
    const resource = owned(world.set, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await world.pass([...all('a'), resource], { force: true });
    const outcome = await prune(all('a'));
    assert.deepEqual(
      [outcome.error, actionsOf(outcome)],
      [undefined, { a: 'unchanged', [namespace]: 'skipped' }],
    );
    assert.deepEqual(await finalizeObjects(world.keeper.state, world.context), {
      deleted: [`${namespace}_a__ConfigMap`],
      left: [],
    });
  });

  it('deletes what a set leaves behind, in reverse order, but what is kept', async () => {
    const { namespace } = world.set;
    const account = owned(world.set, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'sa', namespace },
    });
    const kept = configMap(world, 'kept', { annotations: { 'generatorset.dev/prune': 'disabled' } });
    await world.pass([account, ...all('a', 'b'), kept]);
    world.restart();
    const mark = await server().markAudit();
    const { deleted, left } = await finalizeObjects(world.keeper.state, world.context);
    assert.deepEqual([deleted.map((id) => id.split('_')[1]).sort(), left], [['a', 'b', 'sa'], []]);
    const requests = await requestsSince(server(), world, mark);
    assert.equal(requests.filter((it) => it.startsWith('delete')).at(-1), 'delete sa');
    assert.deepEqual(await exist('a', 'b', 'kept'), ['kept']);
  });

  it('says what of a set could not be deleted', async () => {
    await world.pass(all('a', 'b'));
    const { deleted, left } = await world.withoutDeletes('configmaps', () =>
      finalizeObjects(world.keeper.state, world.context),
    );
    assert.deepEqual([deleted, left.map(({ id }) => id.split('_')[1]).sort()], [[], ['a', 'b']]);
  });
});
