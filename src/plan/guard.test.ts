import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_GUARD } from '../../test/harness/default-guard.ts';
import { configMap, deliveredBefore, desiredFiles, OWNER, previousOf } from '../../test/harness/plan.ts';
import type { Guard } from '../api/generatorset-schema.ts';
import type { Resource } from '../api/resource.ts';
import { diff } from './diff.ts';
import { makePlan, pruneLimit } from './guard.ts';
import { nextState } from './next-state.ts';
import type { State } from './state.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const signal = new AbortController().signal;

const maps = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => configMap(`m${from + index}`));

async function plan(
  before: number,
  after: number,
  options: { guard?: Partial<Guard>; state?: Partial<State>; approved?: string } = {},
) {
  const previous = deliveredBefore(maps(before), options.state);
  const changes = await diff(desiredFiles(maps(after)), previous, {
    owner: OWNER,
    keep: () => undefined,
    signal,
  });
  const guard = { ...DEFAULT_GUARD, ...options.guard };
  return makePlan(changes, previous.state, {
    guard,
    now: NOW,
    ...(options.approved && { approved: new Set([options.approved]) }),
  });
}

const ago = (hours: number, count: number) => ({
  deletions: Array.from({ length: count }, (_, index) => ({
    id: `gone${index}`,
    at: new Date(NOW.getTime() - hours * 3_600_000).toISOString(),
  })),
});

describe('the guard', () => {
  const cases: [string, number, number, Parameters<typeof plan>[2], 'onEmpty' | 'maxPrune' | undefined][] = [
    ['holds nothing when nothing is deleted', 10, 10, {}, undefined],
    ['lets a fifth go', 10, 8, {}, undefined],
    ['holds more than a fifth', 10, 7, {}, 'maxPrune'],
    ['holds ten that become one', 10, 1, {}, 'maxPrune'],
    ['holds ten that become none', 10, 0, {}, 'onEmpty'],
    ['holds the last resource', 1, 0, {}, 'onEmpty'],
    ['lets one of two go, since at least one may', 2, 1, {}, undefined],
    ['prunes all where onEmpty is prune', 10, 0, { guard: { onEmpty: 'prune' } }, undefined],
    [
      'still counts where onEmpty is prune and some are left',
      10,
      1,
      { guard: { onEmpty: 'prune' } },
      'maxPrune',
    ],
    ['takes maxPrune as a number', 10, 5, { guard: { maxPrune: 5 } }, undefined],
    ['holds one more than the number', 10, 4, { guard: { maxPrune: 5 } }, 'maxPrune'],
    ['holds every deletion where maxPrune is 0', 10, 9, { guard: { maxPrune: 0 } }, 'maxPrune'],
    ['holds every deletion where maxPrune is 0%', 10, 9, { guard: { maxPrune: '0%' } }, 'maxPrune'],
    ['lets one go where the share is smaller than one', 10, 9, { guard: { maxPrune: '1%' } }, undefined],
    ['counts the deletions of the last 24 hours', 10, 9, { state: ago(23, 2) }, 'maxPrune'],
    ['forgets older deletions', 10, 8, { state: ago(24, 2) }, undefined],
    ['never holds a first run', 0, 10, {}, undefined],
  ];
  for (const [title, before, after, options, rule] of cases) {
    it(title, async () => {
      assert.equal((await plan(before, after, options)).held?.rule, rule);
    });
  }

  it('does not count files that are gone already', async () => {
    const { state } = deliveredBefore(maps(100));
    const present = { ...deliveredBefore(maps(10)), ...(state && { state }) };
    const changes = await diff(desiredFiles(maps(1)), present, {
      owner: OWNER,
      keep: () => undefined,
      signal,
    });
    const { held } = makePlan(changes, state, { guard: DEFAULT_GUARD, now: NOW });
    assert.match(held?.message ?? '', /would delete 9 of 10 resources; .* allows 2 in 24 hours/);
  });

  it('holds an empty answer also when every file is gone already', async () => {
    const { state } = deliveredBefore(maps(3));
    const changes = await diff([], previousOf({}, state), { owner: OWNER, keep: () => undefined, signal });
    assert.equal(makePlan(changes, state, { guard: DEFAULT_GUARD, now: NOW }).held?.rule, 'onEmpty');
  });

  it('fails where onEmpty is fail', async () => {
    await assert.rejects(
      plan(3, 0, { guard: { onEmpty: 'fail' } }),
      /would delete all 3 resources, none is left: spec.guard.onEmpty is fail/,
    );
  });

  it('says how many, of how many, and which rule', async () => {
    const { held } = await plan(10, 4, { state: ago(1, 1) });
    assert.equal(
      held?.message,
      'would delete 6 of 10 resources after 1 in the last 24 hours; spec.guard.maxPrune 20% allows 2 in 24 hours',
    );
  });

  it('releases exactly the plan whose digest is approved', async () => {
    const { digest } = await plan(10, 4);
    assert.equal((await plan(10, 4, { approved: digest })).held, undefined);
    assert.match(
      (await plan(10, 3, { approved: digest })).held?.message ?? '',
      /what was approved is another plan$/,
    );
    assert.ok(
      (await plan(10, 4, { approved: digest, state: { delivered: 'sha256:other' } })).held,
      'after a delivery',
    );
  });

  it('never deletes more in 24 hours than the limit, whatever the answers do', async () => {
    const sizes = fc.array(fc.nat(20), { minLength: 1, maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(100), async (answers, percent) => {
        const world = { resources: maps(20), state: deliveredBefore(maps(20)).state, deleted: 0 };
        for (const size of answers) await obey(world, size, `${percent}%`);
      }),
      { numRuns: 200 },
    );
  });
});

/** One pass over an answer of `size` resources; what the guard lets through becomes the world. */
async function obey(
  world: { resources: Resource[]; state: State | undefined; deleted: number },
  size: number,
  maxPrune: string,
): Promise<void> {
  const previous = deliveredBefore(world.resources, world.state);
  const desired = desiredFiles(maps(size));
  const changes = await diff(desired, previous, { owner: OWNER, keep: () => undefined, signal });
  const made = makePlan(changes, previous.state, { guard: { ...DEFAULT_GUARD, maxPrune }, now: NOW });
  if (made.held) return;
  const gone = changes.filter(({ action }) => action === 'deleted').length;
  const limit = pruneLimit(maxPrune, world.resources.length + world.deleted);
  world.deleted += gone;
  assert.ok(gone === 0 || world.deleted <= limit, `${world.deleted} deleted, ${limit} allowed`);
  assert.ok(gone === 0 || size > 0, 'the last resource is never deleted');
  world.state = nextState(made, { desired }, previous.state, NOW);
  world.resources = maps(size);
}
