import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { backtestOptions, DAY, daysOf, MIB, pastGenerator, tunedSet } from '../../test/harness/backtest.ts';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import { StalledError } from '../api/errors.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { createDirectoryTarget } from '../commit/directory-target.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import type { JsonObject } from '../lib/json.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { pastWorld } from './past-world.ts';
import { stepTimes } from './period.ts';
import { type Replayed, replaySteps } from './replay-steps.ts';

const DAYS = 4;
const { from } = daysOf(DAYS);

/** Makes five passes, a day apart, over what `answer` gives on each day from 0 to 4. */
function replay(answer: (day: number) => JsonObject[], loaded: LoadedSet = tunedSet()): Promise<Replayed> {
  const generator = pastGenerator((time) => answer((time - from) / DAY));
  return replaySteps(
    loaded,
    backtestOptions(generator, DAYS, () => 0),
  );
}

const app = (name: string, mib: number): JsonObject => ({ name, bytes: mib * MIB });
const dayOf = ({ time }: { time: number }): number => (time - from) / DAY;

/** What became of each decision on which day. */
function decisionsOf({ commits }: Replayed): string[] {
  return commits.flatMap((commit) =>
    commit.decisions.map(
      ({ element, previous, value, rule }) => `${dayOf(commit)} ${element} ${previous} ${value} ${rule}`,
    ),
  );
}

describe('replaySteps', () => {
  const folder = useTemporaryFolder();

  it('makes a commit for each change, and none where nothing changes', async () => {
    const replayed = await replay((day) => [app('a', day < 2 ? 100 : 200)]);
    assert.equal(replayed.steps, 5);
    assert.deepEqual(replayed.commits.map(dayOf), [0, 2]);
    assert.deepEqual(decisionsOf(replayed), ['0 a undefined 100Mi Computed', '2 a 100Mi 200Mi Computed']);
    assert.deepEqual(replayed.commits[1]?.changes, [
      {
        resource: 'ConfigMap/flux-system/a',
        action: 'configured',
        fields: [{ field: 'data.limit', before: '100Mi', after: '200Mi' }],
      },
    ]);
  });

  it('decides with the values of the step before, and the time of the step', async () => {
    const falling = (day: number) => [app('a', 100 - 20 * day)];
    const limited = await replay(falling, tunedSet({ maxDecrease: '10%', cooldown: '36h' }));
    // Day 0 begins the cool-down of 36 hours, and each change another one.
    assert.deepEqual(decisionsOf(limited), [
      '0 a undefined 100Mi Computed',
      '2 a 100Mi 90Mi DecreaseLimited',
      '4 a 90Mi 81Mi DecreaseLimited',
    ]);
  });

  it('keeps the values over time, and the elements as they were last', async () => {
    const { lines, elements } = await replay((day) => [app('b', 10), app('a', day < 3 ? 20 : 30)]);
    assert.deepEqual(
      lines.map(({ element, name, points }) => [
        element,
        name,
        ...points.map((it) => `${dayOf(it)} ${it.value}`),
      ]),
      [
        ['a', 'limit', '0 20Mi', '3 30Mi'],
        ['b', 'limit', '0 10Mi'],
      ],
    );
    assert.equal(elements.get('a')?.element['bytes'], 30 * MIB);
  });

  it('counts a step that fails, which changes nothing', async () => {
    const replayed = await replay((day) => {
      if (day === 2) throw new Error('no answer');
      return [app('a', 100 + day)];
    });
    assert.deepEqual(replayed.commits.map(dayOf), [0, 1, 3, 4]);
    assert.deepEqual(replayed.failed, [
      { time: from + 2 * DAY, message: 'set.yaml:1:1: spec.generators[0].past: no answer' },
    ]);
    assert.equal(replayed.commits[2]?.decisions[0]?.previous, '101Mi');
  });

  it('counts a step that the guard holds, which changes nothing', async () => {
    const replayed = await replay((day) => (day === 1 ? [] : [app('a', 100)]));
    assert.deepEqual(replayed.commits.map(dayOf), [0]);
    assert.deepEqual(replayed.held.map(dayOf), [1]);
    assert.match(replayed.held[0]?.message ?? '', /would delete all 1 resources/);
  });

  it('counts changes beyond maxChange as held, and keeps the value', async () => {
    const guard = { onEmpty: 'hold', maxPrune: '20%', maxChange: '50%' } as const;
    const replayed = await replay((day) => [app('a', day < 3 ? 100 : 200)], tunedSet({}, { guard }));
    assert.deepEqual(replayed.held.map(dayOf), [3, 4]);
    assert.deepEqual(decisionsOf(replayed), ['0 a undefined 100Mi Computed']);
  });

  it('ends the value of an element that is gone', async () => {
    const two = [app('a', 10), app('b', 10)];
    const { lines, commits } = await replay((day) => (day < 2 ? two : [app('a', 10)]));
    const [gone] = lines.filter(({ element }) => element === 'b');
    assert.deepEqual(
      gone?.points.map(({ time, value }) => [dayOf({ time }), value]),
      [
        [0, '10Mi'],
        [2, undefined],
      ],
    );
    assert.deepEqual(
      commits[1]?.changes.map(({ action, resource }) => [action, resource]),
      [['deleted', 'ConfigMap/flux-system/b']],
    );
  });

  it('needs no keys where there is one element', async () => {
    const loaded = tunedSet();
    const { elementKey: _, ...spec } = loaded.set.spec;
    const { lines, elements } = await replay(() => [app('a', 10)], {
      ...loaded,
      set: { ...loaded.set, spec },
    });
    assert.deepEqual(
      lines.map(({ element }) => element),
      [''],
    );
    assert.ok(elements.has(''));
  });

  it('throws where every step fails, with the last reason', async () => {
    const always = () => {
      throw new Error('no answer');
    };
    await assert.rejects(
      replay(always),
      /^Error: each of the 5 steps fails; the one of 2026-03-01T00:00:00Z: .*no answer$/,
    );
  });

  it('throws at once where only another spec helps', async () => {
    let passes = 0;
    const stalled = () => {
      passes++;
      throw new StalledError('Wrong', 'it is wrong');
    };
    await assert.rejects(replay(stalled), { reason: 'Wrong' });
    assert.equal(passes, 1);
  });

  it('stops when it is told to, and says how far it is', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const options = {
      ...backtestOptions(
        pastGenerator(() => [app('a', 1)]),
        DAYS,
        () => 0,
      ),
      signal: stop.signal,
      onStep: (done: number, total: number) => {
        seen.push(`${done} of ${total}`);
        if (done === 2) stop.abort(new Error('enough'));
      },
    };
    await assert.rejects(replaySteps(tunedSet(), options), /enough/);
    assert.deepEqual(seen, ['0 of 5', '1 of 5', '2 of 5']);
  });

  it('makes the commits that the same passes over a directory make', async () => {
    const peaks = fc.option(fc.integer({ min: 50, max: 200 }), { nil: undefined });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(peaks, { maxLength: 3 }), { minLength: 5, maxLength: 5 }),
        async (days) => {
          // A pass fails where an element has no number.
          const generator = pastGenerator((time) =>
            (days[(time - from) / DAY] ?? []).map((mib, index) =>
              app(`app-${index}`, mib ?? assert.fail('no answer')),
            ),
          );
          const loaded = tunedSet({ maxDecrease: '20%', minChange: '10%' });
          const options = backtestOptions(generator, DAYS, () => 0);
          const directory = join(folder.path, String(runs++));
          const made: number[] = [];
          let failed = 0;
          for (const time of stepTimes(options.period)) {
            const target = createDirectoryTarget({ directory, set: loaded.set.metadata });
            const world = pastWorld(new Date(time), { ...options, target });
            const pass = { memory: new ElementMemory(() => 0), all: true, signal: options.signal };
            const outcome = await reconcile(loaded, world, pass).catch(() => undefined);
            if (!outcome) failed++;
            if (outcome?.delivered) made.push(time);
          }
          fc.pre(failed < days.length);
          const replayed = await replaySteps(loaded, options);
          assert.deepEqual(
            replayed.commits.map(({ time }) => time),
            made,
          );
          assert.equal(replayed.failed.length, failed);
        },
      ),
      { numRuns: 30 },
    );
  });
});
