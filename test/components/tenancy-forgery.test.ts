import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { FORCE_AT, REQUESTED_AT } from '../../src/api/requests.ts';
import { type ClusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { annotate, readyOf, requestPass } from '../harness/controller-suite.ts';
import { applyObject, grantRole, readObject, waitFor } from './cluster-objects.ts';
import type { KubeObject } from './kube-request.ts';
import { type Tenant, tenantMap, tenantSet, trespasses, useTenants } from './tenancy-world.ts';

/** A guard that lets everything go. */
const LAX = { onEmpty: 'prune', maxPrune: '100%' };

describe('what a tenant forges', function () {
  this.timeout(90_000);
  const { server, controller, alice, mallory } = useTenants();
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
    const { namespace } = mallory();
    await applyObject(server(), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'secret', namespace },
      stringData: { a: 'b' },
    });
    mark = await server().markAudit();
  });

  after('the controller acted as the accounts alone', async () => {
    assert.deepEqual(trespasses(await server().audit(mark), accounts), []);
  });

  async function make(tenant: Tenant, name: string, more: object = {}): Promise<ClusterSet> {
    const set = tenantSet(tenant, name, { guard: LAX, ...more });
    const { status, body } = await tenant.apply(set);
    assert.ok(status < 300, JSON.stringify(body));
    return waitForCondition(server(), set, { status: 'True' });
  }

  /** Everything that was deleted since a mark, whoever did it, but for events. */
  async function deletions(since: number): Promise<string[]> {
    const events = (await server().audit(since)).filter(({ verb }) => verb.startsWith('delete'));
    return events.map(({ objectRef }) => `${objectRef?.resource} ${objectRef?.namespace}/${objectRef?.name}`);
  }

  async function calm(what: string): Promise<void> {
    const set = await make(alice(), `calm-${what}`);
    assert.match(readyOf(set), /^True/);
  }

  describe('in an inventory', () => {
    const foreign: [string, () => string, RegExp][] = [
      [
        'an object of kube-system',
        () => 'kube-system_extension-apiserver-authentication__ConfigMap',
        /forbidden/,
      ],
      [
        'the Deployment of the controller',
        () => 'flux-system_generatorset-controller_apps_Deployment',
        /forbidden/,
      ],
      ['a ClusterRole', () => '_cluster-admin_rbac.authorization.k8s.io_ClusterRole', /forbidden/],
      ["another tenant's namespace", () => `_${alice().namespace}__Namespace`, /forbidden/],
      ["another tenant's set", () => `${alice().namespace}_hers_generatorset.dev_GeneratorSet`, /forbidden/],
      ["another tenant's object", () => `${alice().namespace}_hers__ConfigMap`, /forbidden/],
      ['a Secret that the account may not read', () => `${mallory().namespace}_secret__Secret`, /forbidden/],
      ["another set's object that the account may delete", () => `${shared}_hers__ConfigMap`, /^True/],
      ["somebody's object that the account may delete", () => `${shared}_handmade__ConfigMap`, /^True/],
    ];
    before(async () => {
      await make(alice(), 'hers');
      await make(alice(), 'hers-shared', { templates: [{ content: tenantMap(shared, 'hers') }] });
      await applyObject(server(), tenantMap(shared, 'handmade'));
    });

    for (const [index, [what, id, expected]] of foreign.entries()) {
      it(`does not delete ${what}`, async () => {
        const set = await make(mallory(), `forger-${index}`);
        const since = await server().markAudit();
        const own = set.status?.inventory?.entries ?? [];
        const entries = [...own, { id: id(), v: 'v1' }];
        await mallory().forge(set, { inventory: { entries, count: entries.length } });
        const ready = readyOf(await requestPass(server(), set));
        assert.match(ready, expected);
        assert.deepEqual(await deletions(since), []);
      });
    }

    it('deletes nothing with the set either, which goes when it is forced', async () => {
      const set = await make(mallory(), 'forger-last');
      const entries = foreign.map(([, id]) => ({ id: id(), v: 'v1' }));
      entries.push(...(set.status?.inventory?.entries ?? []));
      await mallory().forge(set, { inventory: { entries, count: entries.length } });
      const since = await server().markAudit();
      await mallory().remove(set);
      const left = await waitForCondition(server(), set, { reason: 'PruneFailed' });
      assert.match(readyOf(left), /resources could not be deleted/);
      await annotate(server(), set, { [REQUESTED_AT]: 'now', [FORCE_AT]: 'now' });
      await waitFor('the set to be gone', async () => (await readObject(server(), set)) === undefined);
      assert.deepEqual(await deletions(since), [
        `generatorsets ${mallory().namespace}/forger-last`,
        `configmaps ${mallory().namespace}/forger-last`,
      ]);
    });

    const garbage: [string, object[]][] = [
      [
        'texts that are no ids',
        ['_', '___', 'a', '/_/_/_/', '__proto__', 'a_b_c_d\n'].map((id) => ({ id, v: 'v1' })),
      ],
      [
        'paths',
        [
          '_.._.._ConfigMap',
          'a_%2e_%_ConfigMap',
          '.._x__Secret',
          '%_x__Secret',
          '_..__Namespace',
          '_._x_Y',
        ].map((id) => ({ id, v: 'v1' })),
      ],
      ['versions', ['..', 'v1/../..', 'v'.repeat(64), 'V1', 'v1\n'].map((v) => ({ id: '_x__Secret', v }))],
      ['an id without end', [{ id: `a_${'b'.repeat(100_000)}__ConfigMap`, v: 'v1' }]],
    ];
    for (const [index, [what, entries]] of garbage.entries()) {
      it(`passes over ${what}`, async () => {
        const set = await make(mallory(), `garbage-${index}`);
        await mallory().forge(set, { inventory: { entries, count: -1 >>> 0, digest: 'x' } });
        assert.match(readyOf(await requestPass(server(), set)), /^True ReconciliationSucceeded: 1 resource$/);
        const since = await server().markAudit();
        await mallory().remove(set);
        await waitFor('the set to be gone', async () => (await readObject(server(), set)) === undefined);
        // The server logs a request when it is answered: that for the set may come last.
        assert.deepEqual((await deletions(since)).sort(), [
          `configmaps ${mallory().namespace}/garbage-${index}`,
          `generatorsets ${mallory().namespace}/garbage-${index}`,
        ]);
      });
    }

    it('does not stop the others by 500 entries in as many namespaces', async () => {
      const set = await make(mallory(), 'flood');
      const entries = Array.from({ length: 500 }, (_, index) => ({ id: `n${index}_x__ConfigMap`, v: 'v1' }));
      await mallory().forge(set, { inventory: { entries, count: 500 } });
      await annotate(server(), set, { 'reconcile.fluxcd.io/requestedAt': 'flood' });
      await calm('flood');
      const ended = await waitFor(
        'the end',
        async () => {
          const present = await readObject<ClusterSet>(server(), set);
          return present?.status?.lastHandledReconcileAt === 'flood' && present;
        },
        80_000,
      );
      assert.match(readyOf(ended), /^False PruneFailed: ConfigMap\/n0\/x/);
      await calm('flood-2');
    });
  });

  it('widens no guard by deletions that never were', async () => {
    const spec = { guard: { maxPrune: '50%' }, elements: ['d1', 'd2', 'd3', 'd4'] };
    const set = await make(mallory(), 'deletions', spec);
    const at = new Date().toISOString();
    for (const deletions of [
      [{ at, count: 1_000_000_000 }],
      [{ at: 'never', count: 4 }],
      [{ at: '9999-12-31T23:59:59Z', count: 3 }],
    ]) {
      await mallory().forge(set, { deletions });
      await mallory().apply(tenantSet(mallory(), 'deletions', { ...spec, elements: ['d1'] }));
      const held = await waitForCondition(server(), set, { type: 'Held', status: 'True' });
      assert.match(conditionOf(held, 'Held')?.message ?? '', /would delete 3 of 4 resources/);
      await mallory().apply(tenantSet(mallory(), 'deletions', spec));
      await waitForCondition(server(), set, { status: 'True' });
    }
  });

  it('releases no held plan by a digest that was guessed', async () => {
    const set = await make(mallory(), 'guess', { guard: {}, elements: ['g1', 'g2', 'g3'] });
    await mallory().apply(tenantSet(mallory(), 'guess', { guard: {}, elements: ['g1'] }));
    const held = await waitForCondition(server(), set, { type: 'Held', status: 'True' });
    const digest = held.status?.held?.digest ?? '';
    for (const guess of [
      '',
      '*',
      'true',
      digest.slice(0, -1),
      `${digest}0`,
      digest.toUpperCase(),
      'sha256:',
    ]) {
      await annotate(server(), set, { 'generatorset.dev/approve': guess });
      const after = await requestPass(server(), set);
      assert.equal(conditionOf(after, 'Held')?.status, 'True', guess);
    }
    assert.notEqual(await readObject(server(), tenantMap(mallory().namespace, 'g3')), undefined);
  });

  it('breaks no pass by the rest of a status', async () => {
    const set = await make(mallory(), 'rest');
    const text = 'x'.repeat(100_000);
    const condition = { type: 'Ready', status: 'True', reason: text, message: `${text}\n\u001b[31m` };
    await mallory().forge(set, {
      observedGeneration: 99,
      conditions: [
        { ...condition, observedGeneration: 99, lastTransitionTime: 'never' },
        { ...condition, type: '__proto__', lastTransitionTime: 'never' },
      ],
      lastHandledReconcileAt: 'never',
      lastHandledForceAt: 'never',
      lastAppliedRevision: text,
      delivered: text,
      held: { digest: text, rule: text, message: text },
      history: [
        {
          digest: text,
          firstReconciled: text,
          lastReconciled: text,
          lastReconciledStatus: text,
          totalReconciliations: 7,
        },
      ],
    });
    const after = await requestPass(server(), set);
    assert.match(readyOf(after), /^True ReconciliationSucceeded: 1 resource$/);
    assert.ok(JSON.stringify(after.status).length < 5000, 'what was forged is not kept');
    const metrics = await (await fetch(`${controller().metrics}/metrics`)).text();
    assert.ok(!metrics.includes('x'.repeat(600)));
  });

  describe('in shards of an inventory', () => {
    const nameOf = (set: ClusterSet, index: number, of: number): string => {
      const hash = createHash('sha256').update(String(set.metadata.uid)).digest('hex').slice(0, 10);
      return `${set.metadata.name}-inventory-${hash}-${of}-${index}`;
    };

    async function writeShard(name: string, packed: Buffer | string): Promise<void> {
      const { namespace } = mallory();
      const metadata = { name, namespace };
      const value = typeof packed === 'string' ? packed : packed.toString('base64');
      const map = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        binaryData: { 'inventory.json.gz': value },
      };
      const { status, body } = await mallory().apply(map as KubeObject);
      assert.ok(status < 300, JSON.stringify(body));
    }

    const pack = (entries: object[]): Buffer => gzipSync(JSON.stringify({ entries }));

    it("reads no ConfigMap that is not this very set's shard", async () => {
      const other = await make(mallory(), 'other');
      const set = await make(mallory(), 'names');
      const since = await server().markAudit();
      const shards = [
        'hers',
        '../../kube-system/configmaps/x',
        'generatorset-controller-checkpoint',
        nameOf(other, 0, 1),
        `${nameOf(set, 0, 1)}/../x`,
        nameOf(set, 1, 1),
        nameOf(set, 0, 999),
        '__proto__',
      ];
      await mallory().forge(set, { inventory: { entries: null, count: 1, digest: 'x', shards } });
      assert.match(readyOf(await requestPass(server(), set)), /^True/);
      const read = (await server().audit(since)).filter(
        ({ verb, objectRef, impersonatedUser, userAgent }) =>
          verb === 'get' &&
          objectRef?.resource === 'configmaps' &&
          impersonatedUser === undefined &&
          userAgent?.startsWith('generatorset-controller/'),
      );
      assert.deepEqual(read, []);
    });

    const bombs: [string, () => Buffer | string][] = [
      ['256 MiB of zeros', () => gzipSync(Buffer.alloc(256 << 20))],
      ['what is not packed', () => Buffer.from('{"entries": []}')],
      ['half of a pack', () => pack([{ id: 'a_b__ConfigMap', v: 'v1' }]).subarray(0, 20)],
      ['what is no inventory', () => gzipSync('[[[[[]]]]]')],
      ['nesting without end', () => gzipSync('['.repeat(1_000_000))],
      ['entries of others', () => pack([{ id: `${shared}_hers__ConfigMap`, v: 'v1' }])],
    ];
    for (const [index, [what, packed]] of bombs.entries()) {
      it(`come to no harm by ${what}`, async () => {
        const set = await make(mallory(), `bomb-${index}`);
        await writeShard(nameOf(set, 0, 1), packed());
        const since = await server().markAudit();
        await mallory().forge(set, {
          inventory: { entries: null, count: 2000, digest: 'x', shards: [nameOf(set, 0, 1)] },
        });
        assert.match(readyOf(await requestPass(server(), set)), /^True ReconciliationSucceeded/);
        const deleted = (await deletions(since)).filter((line) => !line.includes(`${nameOf(set, 0, 1)}`));
        assert.deepEqual(deleted, []);
      });
    }

    it('come to no harm by 256 of them with all that each can hold', async () => {
      const set = await make(mallory(), 'many');
      const entry = '{"id":"a_b__ConfigMap","v":"v1"},';
      const count = Math.floor((2 * 1024 * 1024 - 100) / entry.length);
      const packed = gzipSync(`{"entries":[${entry.repeat(count).slice(0, -1)}]}`);
      const names = Array.from({ length: 256 }, (_, index) => nameOf(set, index, 256));
      for (let at = 0; at < names.length; at += 16)
        await Promise.all(names.slice(at, at + 16).map((name) => writeShard(name, packed)));
      await mallory().forge(set, { inventory: { entries: null, count: 1e6, digest: 'x', shards: names } });
      await annotate(server(), set, { 'reconcile.fluxcd.io/requestedAt': 'many' });
      await calm('many');
      await waitFor(
        'the pass',
        async () => {
          const present = await readObject<ClusterSet>(server(), set);
          return present?.status?.lastHandledReconcileAt === 'many' && present;
        },
        60_000,
      );
      assert.ok(residentMemory(controller().pid) < 512, 'MiB');
    });
  });
});

/** MiB. */
function residentMemory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
