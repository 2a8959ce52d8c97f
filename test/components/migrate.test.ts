import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApplyWorld, actionsOf, configMap, openApplyWorld } from './apply-world.ts';
import { createNamespace, readObject } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** How each tool leaves an object behind: who wrote it, and how it says whose it is. */
interface Former {
  readonly tool: string;
  readonly manager: string;
  /** Whether it applies server-side, or creates and patches. */
  readonly applies: boolean;
  readonly metadata: Readonly<Record<string, object>>;
}

const FORMER: readonly Former[] = [
  {
    tool: 'a GitOpsSet',
    manager: 'gitopssets-controller',
    applies: false,
    metadata: { labels: { 'sets.gitops.pro/name': 'demo', 'sets.gitops.pro/namespace': 'teams' } },
  },
  {
    tool: 'a ResourceSet',
    manager: 'flux-operator',
    applies: true,
    metadata: {
      labels: {
        'resourceset.fluxcd.controlplane.io/name': 'demo',
        'resourceset.fluxcd.controlplane.io/namespace': 'teams',
      },
    },
  },
  {
    tool: 'an ApplicationSet',
    manager: 'argocd-applicationset-controller',
    applies: false,
    metadata: {
      ownerReferences: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'ApplicationSet',
          name: 'demo',
          uid: '2e3a7a3e-0a52-4b43-8d3c-8f0d8f9a0b11',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
  },
];

describe('a GeneratorSet that takes over from another tool, on a real API server', () => {
  const server = useKubeApiserver();
  let world: ApplyWorld;
  beforeEach(async () => {
    const namespace = await createNamespace(server());
    world = await openApplyWorld(server(), { namespace, name: 'demo' });
  });
  afterEach(() => world.close());

  const identity = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: world.set.namespace },
  });
  const read = async (name: string) => (await readObject(server(), identity(name))) as KubeObject | undefined;

  const metadataOf = async (name: string) => (await read(name))?.metadata as Record<string, unknown>;
  const dataOf = async (name: string) => (await read(name))?.['data'];

  /** Writes an object as the other tool does. */
  async function leaveBehind(
    name: string,
    data: object,
    { manager, applies, metadata }: Former,
  ): Promise<string> {
    const object = { ...identity(name), data };
    Object.assign(object.metadata, metadata);
    const path = `/api/v1/namespaces/${world.set.namespace}/configmaps`;
    const { status, body } = applies
      ? await server().request<KubeObject>('PATCH', `${path}/${name}?fieldManager=${manager}`, object, {
          contentType: 'application/apply-patch+yaml',
        })
      : await server().request<KubeObject>('POST', `${path}?fieldManager=${manager}`, object);
    assert.ok(status < 300, JSON.stringify(body));
    return body.metadata.uid as string;
  }

  for (const former of FORMER) {
    describe(`objects that ${former.tool} left behind`, () => {
      it('are taken over as they are, and none is deleted or made anew', async () => {
        const uids = [await leaveBehind('a', { x: '1' }, former), await leaveBehind('b', { x: '1' }, former)];
        const mark = await server().markAudit();
        const outcome = await world.pass(
          ['a', 'b'].map((name) => configMap(world, name, { data: { x: '1' } })),
        );
        assert.equal(outcome.error, undefined);
        assert.equal(outcome.plan.held, undefined);
        assert.deepEqual(actionsOf(outcome), { a: 'created', b: 'created' }, 'they are new to the set');
        const found = await Promise.all(['a', 'b'].map(read));
        assert.deepEqual(
          found.map((object) => object?.metadata.uid),
          uids,
        );
        for (const name of ['a', 'b']) {
          const { labels, deletionTimestamp } = await metadataOf(name);
          assert.equal((labels as Record<string, string>)['generatorset.dev/name'], 'demo');
          assert.equal(deletionTimestamp, undefined);
        }
        const verbs = (await server().audit(mark)).map(({ verb }) => verb);
        assert.ok(!verbs.includes('delete') && !verbs.includes('create'), verbs.join(' '));
      });

      it('keep what the other tool says of them, so that it must let them go before it is deleted', async () => {
        await leaveBehind('a', { x: '1' }, former);
        await world.pass([configMap(world, 'a', { data: { x: '1' } })]);
        const metadata = await metadataOf('a');
        assert.deepEqual(metadata['ownerReferences'], former.metadata['ownerReferences']);
        const labels = { ...(metadata['labels'] as object), ...former.metadata['labels'] };
        assert.deepEqual(metadata['labels'], labels);
      });

      it('with other values are left alone, until force takes their fields', async () => {
        const uid = await leaveBehind('a', { x: '1' }, former);
        const resources = [configMap(world, 'a', { data: { x: '2' } })];
        const refused = await world.pass(resources);
        assert.match(refused.error?.message ?? '', /force/);
        assert.deepEqual(await dataOf('a'), { x: '1' });
        const forced = await world.pass(resources, { spec: { force: true } });
        assert.equal(forced.error, undefined);
        const object = await read('a');
        assert.deepEqual([object?.metadata.uid, object?.['data']], [uid, { x: '2' }]);
      });

      it('may be changed by force alone, as long as the other tool owns the same fields', async () => {
        await leaveBehind('a', { x: '1' }, former);
        // What is changed in the second of the take-over, or after it, counts as drift; the server notes whole seconds.
        await delay(1100);
        await world.pass([configMap(world, 'a', { data: { x: '1' } })]);
        const changed = [configMap(world, 'a', { data: { x: '2' } })];
        assert.match((await world.pass(changed)).error?.message ?? '', /force/);
        assert.equal((await world.pass(changed, { spec: { force: true } })).error, undefined);
        assert.deepEqual(await dataOf('a'), { x: '2' });
      });

      it('that the set does not render are none of its business', async () => {
        await leaveBehind('a', { x: '1' }, former);
        await leaveBehind('old', { x: '1' }, former);
        await world.pass([configMap(world, 'a', { data: { x: '1' } })]);
        const outcome = await world.pass([configMap(world, 'b', { data: { x: '1' } })], {
          guard: { onEmpty: 'prune', maxPrune: '100%' },
        });
        assert.equal(outcome.error, undefined);
        assert.equal(await read('a'), undefined, 'what it has taken over it deletes as its own');
        assert.ok(await read('old'), 'what it never rendered stays');
      });
    });
  }
});
