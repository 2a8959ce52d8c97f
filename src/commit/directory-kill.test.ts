import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { configMap, desiredFiles, OWNER } from '../../test/harness/plan.ts';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import type { Decision } from '../api/decision.ts';
import type { Guard } from '../api/generatorset-schema.ts';
import { diff, isRealChange } from '../plan/diff.ts';
import { makePlan } from '../plan/guard.ts';
import { nextState } from '../plan/next-state.ts';
import { createDirectoryTarget } from './directory-target.ts';

/** What each element's resource holds, by name. */
type World = Readonly<Record<string, string>>;

const OPEN: Guard = { onEmpty: 'prune', maxPrune: 1000 };

/** What ends a delivery in the middle. */
class Killed extends Error {}

describe('a delivery to a directory that is killed', () => {
  const folder = useTemporaryFolder();
  const signal = new AbortController().signal;
  const now = new Date('2026-01-01T00:00:00Z');
  let directory: string;
  let rounds = 0;

  function useDirectory(): void {
    directory = join(folder.path, String(rounds++));
  }

  function openTarget(steps = Number.POSITIVE_INFINITY) {
    let left = steps;
    const beforeStep = () => {
      if (left-- <= 0) throw new Killed();
    };
    return createDirectoryTarget({ directory, set: OWNER, beforeStep });
  }

  /** One pass as the loop does it; tells what became of it. */
  async function pass(world: World, { guard = OPEN, steps }: { guard?: Guard; steps?: number } = {}) {
    const target = openTarget(steps);
    const desired = desiredFiles(Object.entries(world).map(([name, data]) => configMap(name, { data })));
    const previous = await target.read(signal);
    const changes = await diff(desired, previous, { owner: OWNER, keep: () => undefined, signal });
    const plan = makePlan(changes, previous.state, { guard, now });
    if (plan.held) return 'held';
    if (!isRealChange(changes, previous.state)) return 'unchanged';
    const next = nextState(plan, { desired }, previous.state, now);
    try {
      await target.deliver({ plan, next, previous, message: '' }, signal);
      return 'delivered';
    } catch (error) {
      if (error instanceof Killed) return 'killed';
      throw error;
    }
  }

  function present(): string[] {
    const names = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
    return names.sort();
  }

  function namesOf(world: World): string[] {
    return Object.keys(world).map((name) => `${name}.yaml`);
  }

  const before: World = { a: '1', b: '1', c: '1' };
  const killed: World = { a: '2', c: '1', d: '1', e: '1' };
  const afterwards: { name: string; world: World }[] = [
    { name: 'the same elements', world: killed },
    { name: 'the elements of before', world: before },
    { name: 'without the new elements', world: { a: '2', c: '1' } },
    { name: 'without the changed element', world: { c: '1', d: '1' } },
    { name: 'with the changed element changed again', world: { ...killed, a: '3' } },
    { name: 'with other elements only', world: { f: '1' } },
    { name: 'without any element', world: {} },
  ];
  // The state twice, three files written, one removed.
  const STEPS = 6;

  for (const { name, world } of afterwards) {
    it(`is made good by the next pass, ${name}, wherever it was killed`, async () => {
      for (let steps = 0; steps < STEPS; steps++) {
        useDirectory();
        await pass(before);
        assert.equal(await pass(killed, { steps }), 'killed');
        const halfway = present();
        await pass(world);

        assert.deepEqual(present(), namesOf(world), `killed after ${steps} steps`);
        const { state } = await openTarget().read(signal);
        assert.deepEqual(state?.inventory.map(({ path }) => path).sort(), namesOf(world));
        const gone = [
          ...namesOf(before).filter((path) => !halfway.includes(path)),
          ...halfway.filter((path) => !present().includes(path)),
        ];
        assert.deepEqual(state?.deletions.map(({ id }) => id).sort(), gone.map(idOf).sort());
        assert.equal(await pass(world), 'unchanged');
      }
      useDirectory();
      await pass(before);
      assert.equal(await pass(killed, { steps: STEPS }), 'delivered');
    });
  }

  it('leaves of each tuned value the larger one, which may stand in a file', async () => {
    const decisionsOf = (values: Record<string, string>): Decision[] =>
      Object.entries(values).map(([element, value]) => ({
        ...{ element, name: 'limit', value, since: now.toISOString(), rule: 'Computed', input: '1' },
      }));
    const deliver = async (values: Record<string, string>, steps?: number) => {
      const target = openTarget(steps);
      const previous = await target.read(signal);
      const desired = desiredFiles(Object.entries(values).map(([name, data]) => configMap(name, { data })));
      const changes = await diff(desired, previous, { owner: OWNER, keep: () => undefined, signal });
      const plan = makePlan(changes, previous.state, { guard: OPEN, now });
      const next = nextState(plan, { desired, decisions: decisionsOf(values) }, previous.state, now);
      return target.deliver({ plan, next, previous, message: '' }, signal);
    };
    useDirectory();
    await deliver({ a: '100Mi', b: '100Mi' });
    await assert.rejects(deliver({ a: '50Mi', b: '200Mi' }, 2), Killed);
    const { state } = await openTarget().read(signal);
    assert.deepEqual(
      state?.decisions?.map(({ element, value }) => [element, value]),
      [
        ['a', '100Mi'],
        ['b', '200Mi'],
      ],
    );
  });

  it('has its deletions counted once', async () => {
    const guard: Guard = { onEmpty: 'hold', maxPrune: 2 };
    const ten = Object.fromEntries([...'abcdefghij'].map((name) => [name, '1']));
    const { a: _, b: __, ...eight } = ten;
    const { c: ___, ...seven } = eight;
    for (let steps = 0; steps < 4; steps++) {
      useDirectory();
      await pass(ten);
      assert.equal(await pass(eight, { guard, steps }), 'killed');
      assert.equal(await pass(seven, { guard }), 'held', `killed after ${steps} steps`);
      assert.equal(await pass(eight, { guard }), 'delivered', `killed after ${steps} steps`);
      assert.deepEqual(present(), namesOf(eight));
      assert.equal(await pass(seven, { guard }), 'held');
    }
  });

  it('ends as it would have when it is killed again and again', async () => {
    useDirectory();
    await pass(before);
    let passes = 0;
    for (let steps = 1; (await pass(killed, { steps })) === 'killed'; steps++) passes++;
    assert.ok(passes > 1);
    assert.deepEqual(present(), namesOf(killed));
    const { state } = await openTarget().read(signal);
    assert.deepEqual(
      state?.deletions.map(({ id }) => id),
      [idOf('b.yaml')],
    );
  });
});

function idOf(path: string): string {
  return `${OWNER.namespace}_${path.replace('.yaml', '')}__ConfigMap`;
}
