import assert from 'node:assert/strict';
import { type ClusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { type Switchboard, startSwitchboard } from '../harness/controller-prometheus.ts';
import {
  APPROVE,
  annotate,
  eventsOf,
  patchObject,
  readyOf,
  requestPass,
  useController,
  writesIn,
} from '../harness/controller-suite.ts';
import { applyObject, createNamespace, waitFor } from './cluster-objects.ts';
import type { KubeObject } from './kube-request.ts';
import { type Prometheus, startPrometheus, usePrometheus } from './prometheus.ts';

const MIB = 1024 * 1024;

describe('decisions of applied sets, from the answers of a real Prometheus', function suite() {
  this.timeout(90_000);
  const usual = usePrometheus(() => memoryOf({ a: 100, b: 200, c: 300 }));
  const { server } = useController();
  const others: Prometheus[] = [];
  let address: Switchboard;
  let namespace = '';

  before(async () => {
    address = await startSwitchboard();
  });
  after(() => Promise.all([address?.close(), ...others.map((other) => other.close())]));
  beforeEach(async () => {
    address.connectTo(usual().origin);
    namespace = await createNamespace(server());
  });

  it('become values of resources, and are remembered with their evidence', async () => {
    const set = await applied({ margin: '20%', roundUp: '16Mi' });
    assert.deepEqual(await limits(), { a: '128Mi', b: '240Mi', c: '368Mi' });
    assert.equal(readyOf(set), 'True ReconciliationSucceeded: 3 resources');
    assert.deepEqual(
      set.status?.decisions?.map(({ since, ...rest }) => {
        assert.ok(Math.abs(Date.parse(since) - Date.now()) < 60_000, since);
        return rest;
      }),
      [
        { element: 'a', name: 'limit', value: '128Mi', rule: 'Computed', input: '104857600' },
        { element: 'b', name: 'limit', value: '240Mi', rule: 'Computed', input: '209715200' },
        { element: 'c', name: 'limit', value: '368Mi', rule: 'Computed', input: '314572800' },
      ],
    );
    assert.deepEqual(
      set.status?.elementStates?.map(({ key, phase, reason }) => [key, phase, reason]),
      ['a', 'b', 'c'].map((key) => [key, 'Ready', 'Reconciled']),
    );
    assert.deepEqual(
      set.status?.inventory?.entries?.map(({ e }) => e),
      ['a', 'b', 'c'],
    );
  });

  it('cost nothing while they stay, and follow by their rules when the answer changes', async () => {
    const set = await applied({ minChange: '10%', maxDecrease: '20%', roundUp: '1Mi' });
    let mark = await server().markAudit();
    await answer({ a: 105, b: 195, c: 300 });
    const unchanged = await requestPass(server(), set);
    assert.deepEqual(await writesIn(server(), namespace, mark), ['patch generatorsets/status limits']);
    assert.deepEqual(unchanged.status?.decisions, set.status?.decisions);

    mark = await server().markAudit();
    await answer({ a: 150, b: 100, c: 300 });
    const changed = await requestPass(server(), set);
    assert.deepEqual(await limits(), { a: '150Mi', b: '160Mi', c: '300Mi' });
    const [a, b, c] = changed.status?.decisions ?? [];
    assert.deepEqual(
      [a?.previous, a?.rule, b?.previous, b?.rule],
      ['100Mi', 'Computed', '200Mi', 'DecreaseLimited'],
    );
    assert.deepEqual(c, set.status?.decisions?.[2]);
    // What may stand from now on, the two objects, the outcome; nothing for what stays.
    const written = await writesIn(server(), namespace, mark);
    assert.deepEqual(written.filter((write) => write.includes('configmaps')).sort(), [
      'patch configmaps a',
      'patch configmaps b',
    ]);
    assert.equal(written.filter((write) => write.includes('/status')).length, 2);
  });

  it('are told in the event of their delivery, as a commit tells them', async () => {
    const set = await applied({ minChange: '10%', roundUp: '1Mi' });
    await answer({ a: 150, b: 200, c: 300 });
    await requestPass(server(), set);
    const told = await waitFor('the event of the change', async () =>
      (await eventsOf(server(), set)).find((event) => event.includes(' configured')),
    );
    const lines = told.split('\n').filter((line) => !/^(Evaluated|Sampled): /.test(line));
    assert.deepEqual(lines, [
      `ReconciliationSucceeded: ConfigMap/${namespace}/a configured`,
      '  data.limit: 100Mi -> 150Mi',
      'Element: a',
      'Query: last_over_time(team_memory_bytes[3h])',
      'Decision: limit = 150Mi (Computed, was 100Mi, from 157286400)',
    ]);
  });

  it('leave one team as it is while it has no number, and let the others go on', async () => {
    const set = await applied({ roundUp: '1Mi' });
    await answer({ a: 150, b: Number.NaN, c: 250 });
    const held = await requestPass(server(), set);
    assert.deepEqual(await limits(), { a: '150Mi', b: '200Mi', c: '250Mi' });
    assert.equal(readyOf(held), 'True ElementsHeld: 1 of 3 elements held: b (InputMissing); 3 resources');
    assert.deepEqual(
      [conditionOf(held, 'Held')?.status, conditionOf(held, 'Held')?.reason],
      ['True', 'ElementsHeld'],
    );
    assert.equal(held.status?.observedGeneration, 1);
    assert.deepEqual(
      held.status?.elementStates?.map(({ key, phase, reason }) => `${key} ${phase} ${reason}`),
      ['b Held InputMissing', 'a Ready Reconciled', 'c Ready Reconciled'],
    );
    const told = (await requestPass(server(), set)).status?.conditions;
    assert.deepEqual(told, held.status?.conditions);

    address.connectTo(usual().origin);
    const well = await requestPass(server(), set);
    assert.equal(readyOf(well), 'True ReconciliationSucceeded: 3 resources');
    assert.equal(conditionOf(well, 'Held'), undefined);
    const events = await waitFor('all events', async () => {
      const all = await eventsOf(server(), set);
      return all.length >= 3 ? all : undefined;
    });
    assert.deepEqual(
      events.filter((event) => event.startsWith('ElementsHeld')).map((event) => event.split('\n')[0]),
      ['ElementsHeld: 1 of 3 elements held: b (InputMissing)'],
    );
  });

  it('make nothing of a team that has never had a number, until it has one', async () => {
    await answer({ a: 100, b: Number.NaN });
    const set = await applied({ roundUp: '1Mi' });
    assert.deepEqual(await limits(), { a: '100Mi' });
    assert.equal(readyOf(set), 'True ElementsHeld: 1 of 2 elements held: b (InputMissing); 1 resource');
    address.connectTo(usual().origin);
    await requestPass(server(), set);
    assert.deepEqual(await limits(), { a: '100Mi', b: '200Mi', c: '300Mi' });
  });

  it('hold back what cannot be rendered, keep what stands of it, and still delete what is gone', async () => {
    const set = await applied({ roundUp: '1Mi' }, { guard: { onEmpty: 'hold', maxPrune: '50%' } });
    // No team of more than 250Mi can be rendered any more, and one team is gone.
    const limit = '{{ if eq .Element.limit "300Mi" }}{{ .Element.nothing }}{{ end }}{{ .Element.limit }}';
    await answer({ a: 100, c: 300 });
    await patchObject(server(), set, { spec: { templates: [{ content: { ...CONTENT, data: { limit } } }] } });
    const held = await waitForCondition(server(), set, { reason: 'ElementsHeld' });
    assert.match(readyOf(held), /^True ElementsHeld: 1 of 2 elements held: c \(RenderFailed\); 2 resources$/);
    assert.deepEqual(await limits(), { a: '100Mi', c: '300Mi' });
    assert.deepEqual(
      held.status?.inventory?.entries?.map(({ id, e }) => [id.split('_')[1], e]),
      [
        ['a', 'a'],
        ['c', 'c'],
      ],
    );
    await answer({ a: 100, c: 310 });
    await requestPass(server(), set);
    assert.deepEqual(await limits(), { a: '100Mi', c: '310Mi' });
  });

  it('change nothing while all teams are held, and delete nothing', async () => {
    const set = await applied({ roundUp: '1Mi' });
    await answer({ a: Number.NaN, b: Number.NaN, c: Number.NaN });
    const mark = await server().markAudit();
    const held = await requestPass(server(), set);
    assert.match(readyOf(held), /^True ElementsHeld: 3 of 3 elements held/);
    assert.deepEqual(await writesIn(server(), namespace, mark), ['patch generatorsets/status limits']);
  });

  it('stay while Prometheus gives nothing at all', async () => {
    const set = await applied({ roundUp: '1Mi' });
    const before = set.status?.decisions;
    address.connectTo(undefined);
    await requestPass(server(), set);
    const failed = await waitForCondition(server(), set, { status: 'False' });
    assert.deepEqual(failed.status?.decisions, before);
    assert.deepEqual(failed.status?.elementStates, set.status?.elementStates);
    assert.deepEqual(await limits(), { a: '100Mi', b: '200Mi', c: '300Mi' });
  });

  it('wait for an approval where they are larger than allowed, each for its own digest', async () => {
    const guard = { onEmpty: 'hold', maxPrune: '20%', maxChange: '50%' };
    const set = await applied({ roundUp: '1Mi' }, { guard });
    await answer({ a: 400, b: 220, c: 300 });
    const held = await requestPass(server(), set);
    assert.deepEqual(await limits(), { a: '100Mi', b: '220Mi', c: '300Mi' });
    assert.equal(conditionOf(held, 'Ready')?.reason, 'ElementsHeld');
    assert.equal(conditionOf(held, 'Held')?.reason, 'ChangesHeld');
    assert.equal(held.status?.held?.rule, 'maxChange');
    assert.deepEqual(held.status?.held?.changes, [
      { element: 'a', name: 'limit', value: '100Mi', proposed: '400Mi' },
    ]);
    const { digest = '' } = held.status?.held ?? {};
    assert.ok(conditionOf(held, 'Ready')?.message.endsWith(`${APPROVE}: ${digest}`), readyOf(held));

    // Another value is another digest, which the approval of the first does not release.
    await answer({ a: 500, b: 220, c: 300 });
    await annotate(server(), set, { [APPROVE]: digest });
    const other = await requestPass(server(), set);
    assert.equal((await limits())['a'], '100Mi');
    const { digest: second = '' } = other.status?.held ?? {};
    assert.notEqual(second, digest);
    await annotate(server(), set, { [APPROVE]: `${digest},${second}` });
    const released = await waitForCondition(server(), set, { reason: 'ReconciliationSucceeded' });
    assert.equal((await limits())['a'], '500Mi');
    assert.equal(released.status?.held, undefined);
    assert.equal(conditionOf(released, 'Held'), undefined);

    // It was good for one delivery.
    address.connectTo(usual().origin);
    const again = await requestPass(server(), set);
    assert.equal(again.status?.held?.rule, 'maxChange');
    assert.equal((await limits())['a'], '500Mi');
    const told = (await eventsOf(server(), set)).filter((event) => event.startsWith('ChangesHeld'));
    assert.ok(told.length <= 2, told.join('\n'));
  });

  it('wait beside a plan that is held as a whole, which has the word', async () => {
    const guard = { onEmpty: 'hold', maxPrune: '20%', maxChange: '50%' };
    const set = await applied({ roundUp: '1Mi' }, { guard });
    await answer({ a: 400 });
    const held = await requestPass(server(), set);
    assert.equal(conditionOf(held, 'Ready')?.reason, 'PlanHeld');
    assert.equal(conditionOf(held, 'Held')?.reason, 'PlanHeld');
    assert.equal(held.status?.held?.rule, 'maxPrune');
    const message = held.status?.held?.message ?? '';
    const digests = message.match(/sha256:[0-9a-f]{64}/g) ?? [];
    assert.equal(new Set(digests).size, 2, message);
    assert.equal(digests.at(-1), held.status?.held?.digest);
    // Both at once: first one team of three goes, then the last one changes.
    await annotate(server(), set, { [APPROVE]: digests.join(',') });
    await waitFor('the plan and the change', async () => {
      const found = await limits();
      return Object.keys(found).length === 1 && found['a'] === '400Mi';
    });
  });

  it('are never lowered by what a failed delivery has already raised', async () => {
    // The API server refuses what comes of any other value of the last team.
    const isOther = 'and (eq .Element.metric.team "c") (ne .Element.limit "300Mi")';
    const data = { [`{{ if ${isOther} }}not a key{{ else }}limit{{ end }}`]: '{{ .Element.limit }}' };
    const set = await applied(
      { maxDecrease: '10%', roundUp: '1Mi' },
      { templates: [{ content: { ...CONTENT, data } }] },
    );
    await answer({ a: 200, b: 200, c: 301 });
    await requestPass(server(), set);
    const failed = await waitForCondition(server(), set, { status: 'False' });
    assert.equal((await limits())['a'], '200Mi');
    assert.equal(failed.status?.decisions?.[0]?.value, '200Mi');
    await answer({ a: 50, b: 200, c: 301 });
    await requestPass(server(), set);
    await waitForCondition(server(), set, { status: 'False' });
    assert.equal((await limits())['a'], '180Mi');
  });

  /** Another Prometheus answers from now on. */
  async function answer(mebibytes: Record<string, number>): Promise<void> {
    const other = await startPrometheus(memoryOf(mebibytes));
    others.push(other);
    address.connectTo(other.origin);
  }

  /** A set that makes a ConfigMap with the tuned limit of each team. */
  function tunedSet(tune: object, spec: object = {}): ClusterSet {
    const url = address.origin;
    const query = 'last_over_time(team_memory_bytes[3h])';
    return {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: { name: 'limits', namespace },
      spec: {
        elementKey: '{{ .Element.metric.team }}',
        generators: [{ prometheus: { interval: '24h', url, query } }],
        tune: [{ name: 'limit', from: '{{ .Element.value }}', ...tune }],
        templates: [{ content: CONTENT }],
        ...spec,
      },
    };
  }

  async function applied(tune: object, spec: object = {}): Promise<ClusterSet> {
    const set = tunedSet(tune, spec);
    await applyObject(server(), set);
    return waitForCondition(server(), set, { status: 'True' });
  }

  /** The limits that stand, by team. */
  async function limits(): Promise<Record<string, string>> {
    const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=generatorset.dev/name`;
    const { body } = await server().request<{ items: ConfigMap[] }>('GET', path);
    return Object.fromEntries(body.items.map(({ metadata, data }) => [metadata.name, data.limit]));
  }
});

const CONTENT = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: '{{ .Element.metric.team }}' },
  data: { limit: '{{ .Element.limit }}' },
};

type ConfigMap = KubeObject & { readonly data: { readonly limit: string } };

/** The memory of each team in the last two hours; what is NaN is NaN there, too. */
function memoryOf(mebibytes: Readonly<Record<string, number>>) {
  const now = Math.floor(Date.now() / 1000);
  return Object.entries(mebibytes).map(([team, value]) => ({
    series: `team_memory_bytes{team="${team}"}`,
    samples: [
      [now - 7200, value * MIB],
      [now - 3600, value * MIB],
    ] as const,
  }));
}
