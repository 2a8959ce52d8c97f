import assert from 'node:assert/strict';
import { WaitingError } from '../../src/api/errors.ts';
import { DeliveryError } from '../../src/plan/target.ts';
import { type ApplyWorld, actionsOf, configMap, openApplyWorld, requestsSince } from './apply-world.ts';
import { applyObject, createNamespace, deleteObject, readObject, waitFor } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

describe('the apply target on a real API server', () => {
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
  const dataOf = async (name: string) => (await read(name))?.['data'];
  /** Edits as `kubectl edit` does. */
  const edit = async (name: string, change: object) => {
    const path = `/api/v1/namespaces/${world.set.namespace}/configmaps/${name}?fieldManager=kubectl-edit`;
    const contentType = 'application/merge-patch+json';
    const { status } = await server().request('PATCH', path, change, { contentType });
    assert.equal(status, 200);
  };
  const foreign = (name: string, data: Record<string, string>, more: object = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: world.set.namespace, ...more },
    data,
  });
  const drift = (id: string) => waitFor('drift', () => world.drifted.some((it) => it.includes(`_${id}_`)));

  it('sends one request for an object that is created, one for one that changes, none for one that does not', async () => {
    for (const [value, action, calls] of [
      ['1', 'created', 1],
      ['1', 'unchanged', 0],
      ['2', 'configured', 1],
      ['2', 'unchanged', 0],
    ] as const) {
      const mark = await server().markAudit();
      const outcome = await world.pass([configMap(world, 'a', { data: { a: value } })]);
      assert.equal(outcome.error, undefined);
      assert.equal(outcome.delivered, calls > 0);
      assert.match(outcome.revision ?? '', /^sha256:/);
      assert.deepEqual(actionsOf(outcome), { a: action });
      assert.deepEqual(await requestsSince(server(), world, mark), Array(calls).fill('patch a'));
    }
    assert.deepEqual(await dataOf('a'), { a: '2' });
    assert.deepEqual(world.drifted, [], 'its own writes are no drift');
    assert.deepEqual(
      [world.keeper.intended.length, world.keeper.kept],
      [1, 2],
      'only a new id is kept beforehand',
    );
  });

  it('applies text of any characters as it is', async () => {
    const data = {
      text: 'a\u0085b\u2028c\u2029d\ufeffe\u007ff\u{1f600} "g" \\ h\ni\tj: k # l',
      long: 'x '.repeat(5000),
    };
    assert.equal((await world.pass([configMap(world, 'a', { data })])).error, undefined);
    assert.deepEqual(await dataOf('a'), data);
  });

  it('notices at once what somebody else changes or deletes, and sets it right in the next pass', async () => {
    const resources = ['a', 'b', 'c'].map((name) => configMap(world, name, { data: { a: '1' } }));
    await world.pass(resources);
    await edit('a', { data: { a: 'edited' } });
    await drift('a');
    await deleteObject(server(), foreign('b', {}));
    await drift('b');
    const mark = await server().markAudit();
    const outcome = await world.pass(resources);
    assert.equal(outcome.error, undefined);
    assert.deepEqual(actionsOf(outcome), { a: 'configured', b: 'created', c: 'unchanged' });
    assert.deepEqual((await requestsSince(server(), world, mark)).sort(), ['patch a', 'patch b']);
    assert.deepEqual([await dataOf('a'), await dataOf('b')], [{ a: '1' }, { a: '1' }]);
  });

  it('leaves what others add alone', async () => {
    const resources = [configMap(world, 'a', { data: { a: '1' } })];
    await world.pass(resources);
    await edit('a', { data: { b: 'theirs' }, metadata: { labels: { team: 'x' } } });
    await edit('a', { data: { c: 'theirs' } });
    await waitFor('the watch to see the edit', async () => {
      const { resourceVersion } = (await read('a'))?.metadata ?? {};
      const seen = world.seen(resources[0]!);
      return seen?.resourceVersion === resourceVersion;
    });
    const outcome = await world.pass(resources);
    assert.deepEqual(actionsOf(outcome), { a: 'unchanged' });
    assert.deepEqual(world.drifted, []);
    assert.deepEqual(await dataOf('a'), { a: '1', b: 'theirs', c: 'theirs' });
  });

  it('applies each object once more after a restart, which changes nothing', async () => {
    const resources = ['a', 'b'].map((name) => configMap(world, name, { data: { a: '1' } }));
    await world.pass(resources);
    const before = await read('a');
    world.restart();
    const mark = await server().markAudit();
    const outcome = await world.pass(resources);
    assert.deepEqual(actionsOf(outcome), { a: 'configured', b: 'configured' });
    assert.equal(outcome.unchanged?.length, 2);
    assert.deepEqual((await requestsSince(server(), world, mark)).sort(), ['patch a', 'patch b']);
    assert.equal((await read('a'))?.metadata.resourceVersion, before?.metadata.resourceVersion);
    assert.deepEqual(actionsOf(await world.pass(resources)), { a: 'unchanged', b: 'unchanged' });
  });

  it('notices drift after a restart before the first pass', async () => {
    await world.pass(['a', 'b', 'c'].map((name) => configMap(world, name, { data: { a: '1' } })));
    world.restart();
    await deleteObject(server(), foreign('c', {}));
    await world.track();
    await drift('c');
    await edit('a', { data: { a: 'edited' } });
    await drift('a');
    assert.deepEqual(
      world.drifted.map((id) => id.split('_')[1]),
      ['c', 'a'],
    );
  });

  it('names manager and field of a conflict, and applies the others', async () => {
    await applyObject(server(), foreign('a', { a: 'theirs', b: 'theirs' }), { fieldManager: 'helm' });
    const resources = [
      configMap(world, 'a', { data: { a: 'ours', b: 'ours' } }),
      configMap(world, 'b', { data: { a: 'ours' } }),
    ];
    const { error } = await world.pass(resources);
    assert.ok(error instanceof DeliveryError && error.reason === 'ReconciliationFailed');
    assert.equal(
      error.message,
      `ConfigMap/${world.set.namespace}/a: conflict with "helm": .data.a, .data.b ` +
        '(remove the fields from the template, or take them over with spec.target.apply.force)',
    );
    assert.deepEqual([await dataOf('a'), await dataOf('b')], [{ a: 'theirs', b: 'theirs' }, { a: 'ours' }]);
    assert.equal((await world.pass(resources, { force: true })).error, undefined);
    assert.deepEqual(await dataOf('a'), { a: 'ours', b: 'ours' });
  });

  it('adopts an object of nobody where no field conflicts', async () => {
    await applyObject(server(), foreign('a', { b: 'theirs' }), { fieldManager: 'helm' });
    const resources = [configMap(world, 'a', { data: { a: 'ours' } })];
    const outcome = await world.pass(resources);
    assert.equal(outcome.error, undefined);
    assert.deepEqual(await dataOf('a'), { a: 'ours', b: 'theirs' });
    assert.deepEqual(actionsOf(await world.pass(resources)), { a: 'unchanged' });
  });

  it('takes back after a restart what was edited, and not what another manager applies', async () => {
    const resources = [configMap(world, 'a', { data: { a: '1' } })];
    await world.pass(resources);
    world.restart();
    await edit('a', { data: { a: 'edited' } });
    assert.equal((await world.pass(resources)).error, undefined);
    assert.deepEqual(await dataOf('a'), { a: '1' });

    world.restart();
    await applyObject(server(), foreign('a', { a: 'theirs' }), { fieldManager: 'kustomize-controller' });
    assert.match(
      (await world.pass(resources)).error?.message ?? '',
      /conflict with "kustomize-controller": \.data\.a/,
    );
    assert.deepEqual(await dataOf('a'), { a: 'theirs' });
  });

  it('does not take a field that somebody else had set before the template came to name it', async () => {
    await world.pass([configMap(world, 'a', { data: { a: '1' } })]);
    await edit('a', { data: { b: 'theirs' } });
    await applyObject(server(), foreign('a', { c: 'theirs' }), { fieldManager: 'helm' });
    const { error } = await world.pass([configMap(world, 'a', { data: { a: '1', c: 'ours' } })]);
    assert.match(error?.message ?? '', /conflict with "helm": \.data\.c/);
    assert.deepEqual(await dataOf('a'), { a: '1', b: 'theirs', c: 'theirs' });
  });

  it('does not take over an object that somebody made in the place of ours', async () => {
    const resources = [configMap(world, 'a', { data: { a: '1' } })];
    await world.pass(resources);
    await deleteObject(server(), foreign('a', {}));
    await applyObject(server(), foreign('a', { a: 'theirs' }), { fieldManager: 'helm' });
    await drift('a');
    assert.match((await world.pass(resources)).error?.message ?? '', /conflict with "helm": \.data\.a/);
    assert.deepEqual(await dataOf('a'), { a: 'theirs' });
  });

  it('rests after three rewrites within ten minutes, says who the rival is, and goes on with another text', async () => {
    const resources = [configMap(world, 'a', { data: { a: '1' } })];
    await world.pass(resources);
    for (let rewrite = 1; rewrite <= 4; rewrite++) {
      world.drifted.length = 0;
      await edit('a', { data: { a: `edited ${rewrite}` } });
      await drift('a');
      const outcome = await world.pass(resources);
      assert.deepEqual([outcome.error, outcome.plan.held], [undefined, undefined]);
      assert.deepEqual(actionsOf(outcome), { a: rewrite < 4 ? 'configured' : 'skipped' });
      if (rewrite === 4)
        assert.match(outcome.plan.changes[0]?.reason ?? '', /"kubectl-edit" changed it again/);
    }
    const outcome = await world.pass([configMap(world, 'a', { data: { a: '2' } })]);
    assert.deepEqual([outcome.error, actionsOf(outcome)], [undefined, { a: 'configured' }]);
    assert.deepEqual(await dataOf('a'), { a: '2' });
  });

  it('writes again when a rest is over', async () => {
    const resources = [configMap(world, 'a', { data: { a: '1' } })];
    await world.pass(resources);
    for (let rewrite = 1; rewrite <= 4; rewrite++) {
      world.drifted.length = 0;
      await edit('a', { data: { a: `edited ${rewrite}` } });
      await drift('a');
      await world.pass(resources);
    }
    assert.deepEqual(await dataOf('a'), { a: 'edited 4' });
    world.clock += 10 * 60_000;
    assert.deepEqual(actionsOf(await world.pass(resources)), { a: 'configured' });
    assert.deepEqual(await dataOf('a'), { a: '1' });
  });

  describe('by annotation', () => {
    const ssa = (value: string) => ({ annotations: { 'generatorset.dev/ssa': value } });

    it('leaves fields to others with Merge', async () => {
      await applyObject(server(), foreign('a', { 'x.a': 'theirs' }), { fieldManager: 'helm' });
      const resources = [configMap(world, 'a', { data: { 'x.a': 'ours', b: 'ours' }, ...ssa('Merge') })];
      assert.equal((await world.pass(resources, { force: true })).error, undefined);
      assert.deepEqual(await dataOf('a'), { 'x.a': 'theirs', b: 'ours' });
      assert.deepEqual(actionsOf(await world.pass(resources)), { a: 'unchanged' });
    });

    it('leaves an object alone that is present with IfNotPresent, and creates one that is not', async () => {
      await applyObject(server(), foreign('a', { a: 'theirs' }));
      const resources = ['a', 'b'].map((name) =>
        configMap(world, name, { data: { a: 'ours' }, ...ssa('IfNotPresent') }),
      );
      assert.deepEqual(actionsOf(await world.pass(resources)), { a: 'skipped', b: 'created' });
      assert.deepEqual([await dataOf('a'), await dataOf('b')], [{ a: 'theirs' }, { a: 'ours' }]);
      assert.deepEqual(world.inventory(), ['b']);
      const outcome = await world.pass(resources);
      assert.deepEqual([outcome.delivered, outcome.plan.held], [false, undefined]);
      assert.deepEqual(actionsOf(outcome), { a: 'skipped', b: 'skipped' });
    });

    it('makes an object with IfNotPresent again that somebody deletes, also after a restart', async () => {
      const resources = [configMap(world, 'a', { data: { a: '1' }, ...ssa('IfNotPresent') })];
      await world.pass(resources);
      world.restart();
      assert.deepEqual(actionsOf(await world.pass(resources)), { a: 'skipped' });
      await deleteObject(server(), foreign('a', {}));
      await waitFor('the drift', () => world.drifted.length > 0);
      assert.deepEqual(actionsOf(await world.pass(resources)), { a: 'created' });
    });

    it('does nothing about an object with Ignore, and keeps one in the inventory that was there', async () => {
      await world.pass([configMap(world, 'a', { data: { a: '1' } })]);
      const outcome = await world.pass([
        configMap(world, 'a', { data: { a: '2' }, ...ssa('ignore') }),
        configMap(world, 'b', ssa('Ignore')),
      ]);
      assert.deepEqual(actionsOf(outcome), { a: 'skipped', b: 'skipped' });
      assert.deepEqual([await dataOf('a'), await dataOf('b')], [{ a: '1' }, undefined]);
      assert.deepEqual(world.inventory(), ['a']);
    });

    it('refuses a value that it does not know', async () => {
      const { error } = await world.pass([configMap(world, 'a', ssa('Ingore')), configMap(world, 'b')]);
      assert.match(
        error?.message ?? '',
        /a: annotation generatorset.dev\/ssa is none of Override, Merge, IfNotPresent, Ignore$/,
      );
      assert.deepEqual([await dataOf('a'), await dataOf('b')], [undefined, undefined]);
      assert.ok(await read('b'));
    });
  });

  it('names what the cluster has no kind for, and tries again soon', async () => {
    const widget = { ...configMap(world, 'w'), apiVersion: 'example.com/v1', kind: 'Widget' };
    const { error } = await world.pass([widget, configMap(world, 'a')]);
    assert.ok(error instanceof WaitingError);
    assert.deepEqual([error.reason, error.retryAfter], ['KindMissing', 5000]);
    assert.match(error.message, /Widget\/.*\/w: the cluster has no kind Widget in example.com\/v1/);
    assert.ok(await read('a'));
  });
});
