import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
  backtestOptions,
  DAY,
  daysOf,
  generatorsOnly,
  HOUR,
  MIB,
  pastGenerator,
  tunedSet,
} from '../../test/harness/backtest.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { type BacktestOptions, backtest } from './backtest.ts';
import { backtestJson } from './backtest-json.ts';
import { plotBacktest } from './plot.ts';

const DAYS = 30;
const { from } = daysOf(DAYS);
const MIB_HOURS = 2n ** 20n * 1_000_000_000n * BigInt(HOUR);

/** One element, `web`, with so many MiB at each time. */
function webOf(mib: (time: number) => number) {
  return pastGenerator((time) => [{ name: 'web', bytes: mib(time) * MIB }]);
}

/** Hours since the beginning. */
const hoursAt = (time: number): number => (time - from) / HOUR;

/** The decided and the fixed figures of the only tuned value, in hours and MiB-hours. */
async function figuresOf(loaded: LoadedSet, options: BacktestOptions) {
  const { figures } = await backtest(loaded, options);
  assert.equal(figures.length, 1);
  const [{ decided, fixed, measured } = assert.fail()] = figures;
  const show = ({ exceeded, overProvisioned }: typeof decided) => {
    assert.equal(overProvisioned % MIB_HOURS, 0n);
    return { above: exceeded / HOUR, over: Number(overProvisioned / MIB_HOURS) };
  };
  return { hours: measured / HOUR, decided: show(decided), fixed: { ...show(fixed), value: fixed.value } };
}

describe('backtest of a usage with a closed form', () => {
  it('gives the figures of a linear growth', async () => {
    // 100 MiB and 1 MiB more each hour; the limit is 48 MiB above the usage at midnight.
    const grow = (time: number) => 100 + hoursAt(time);
    const loaded = tunedSet({ from: '{{ add .Element.bytes 50331648 }}' });
    const options = backtestOptions(webOf(grow), DAYS, (time) => grow(time) * MIB);
    const { hours, decided, fixed } = await figuresOf(loaded, options);
    assert.equal(hours, 720);
    // Each day 48 + 47 + ... + 25.
    assert.deepEqual(decided, { above: 0, over: 30 * ((24 * (48 + 25)) / 2) });
    // 868 is what is decided last: 768 + 767 + ... + 49.
    assert.deepEqual(fixed, { above: 0, over: (720 * (768 + 49)) / 2, value: '868Mi' });
  });

  it('gives the figures of a usage that outgrows its limit within each day', async () => {
    const grow = (time: number) => 100 + hoursAt(time);
    const loaded = tunedSet({ from: '{{ add .Element.bytes 10485760 }}' });
    const given = new Map([['limit', '459Mi']]);
    const options = {
      ...backtestOptions(webOf(grow), DAYS, (time) => grow(time) * MIB),
      fixed: { given, standing: [] },
    };
    const { decided, fixed } = await figuresOf(loaded, options);
    // Above from the 11th hour on; 10 + 9 + ... + 0 before.
    assert.deepEqual(decided, { above: 30 * 13, over: 30 * 55 });
    // At 359 hours it is reached, and above for the other 360; 359 + 358 + ... + 0.
    assert.deepEqual(fixed, { above: 360, over: (359 * 360) / 2, value: '459Mi' });
  });

  it('gives the figures of a sawtooth with gaps and failing steps', async () => {
    const saw = (time: number) => 100 + (hoursAt(time) % 24);
    const isGap = (time: number) => time >= from + 10 * DAY && time < from + 12 * DAY;
    const peak = pastGenerator((time) => {
      if (isGap(time)) throw new Error('no answer');
      return [{ name: 'web', bytes: 123 * MIB }];
    });
    const loaded = tunedSet({ roundUp: '16Mi', margin: '10%' });
    const options = backtestOptions(peak, DAYS, (time) => (isGap(time) ? undefined : saw(time) * MIB));
    const { failed, figures } = await backtest(loaded, options);
    assert.equal(failed.length, 2);
    assert.equal(figures[0]?.withoutData, 48 * HOUR);
    // 1.1 x 123 = 135.3, so 144: each day 44 + 43 + ... + 21.
    const { hours, decided, fixed } = await figuresOf(loaded, options);
    assert.deepEqual([hours, decided], [28 * 24, { above: 0, over: 28 * ((24 * (44 + 21)) / 2) }]);
    assert.deepEqual(fixed, { ...decided, value: '144Mi' });
  });
});

describe('backtest', () => {
  const steady = webOf(() => 100);
  const steadyOptions = backtestOptions(steady, 3, () => 90 * MIB);

  it('gives the same result for the same history', async () => {
    const run = () =>
      backtest(
        tunedSet(),
        backtestOptions(
          webOf((time) => 100 + (time % 7)),
          10,
          () => MIB,
        ),
      );
    const [one, other] = [await run(), await run()];
    assert.deepEqual(one, other);
    assert.deepEqual(backtestJson(one), backtestJson(other));
    assert.equal(plotBacktest(one), plotBacktest(other));
  });

  it('refuses generators that do not know the past before it asks anybody', async () => {
    const { knowsPast: _, ...blind } = steady;
    const options = { ...steadyOptions, world: generatorsOnly(blind) };
    await assert.rejects(backtest(tunedSet(), options), { reason: 'NoPast' });
  });

  it('gives commits alone where no usage is said, and says what it needs', async () => {
    const [tune] = tunedSet().set.spec.tune ?? [];
    const { usage: _, ...rest } = tune ?? assert.fail();
    const result = await backtest(tunedSet({}, { tune: [rest] }), steadyOptions);
    assert.deepEqual([result.commits.length, result.figures], [1, []]);
    assert.match(result.missing[0]?.message ?? '', /need spec\.tune\[\]\.usage/);
    assert.deepEqual(
      result.traces.map(({ usage }) => usage),
      [undefined],
    );
  });

  it('replays a set that tunes nothing', async () => {
    const content = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { x: '{{ .Element.bytes }}' },
    };
    const { tune: _, ...spec } = tunedSet().set.spec;
    const loaded = tunedSet();
    const set = { ...loaded.set, spec: { ...spec, templates: [{ content }] } };
    const result = await backtest(
      { ...loaded, set },
      backtestOptions(webOf(hoursAt), 2, () => 0),
    );
    assert.deepEqual([result.commits.length, result.figures, result.missing], [3, [], []]);
  });

  it('says which element has no usage, and measures the others', async () => {
    const both = pastGenerator(() => ['a', 'b'].map((name) => ({ name, bytes: MIB })));
    const options = backtestOptions(both, 2, () => 0);
    const result = await backtest(tunedSet(), {
      ...options,
      async ask(element, request, signal) {
        return request.query === 'usage of a' ? [] : options.ask(element, request, signal);
      },
    });
    assert.deepEqual(
      result.figures.map(({ element }) => element),
      ['b'],
    );
    assert.deepEqual(
      result.missing.map(({ element, name, isFailure }) => [element, name, isFailure]),
      [['a', 'limit', true]],
    );
  });

  it('asks for the usage of at most four elements at once, and once for values with the same', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `app-${index + 10}`);
    const many = pastGenerator(() => names.map((name) => ({ name, bytes: MIB })));
    const [limit] = tunedSet().set.spec.tune ?? [];
    const tune = [limit ?? assert.fail(), { ...(limit ?? assert.fail()), name: 'request' }];
    const options = backtestOptions(many, 1, () => 0);
    const seen = { underWay: 0, most: 0, queries: [] as string[] };
    const result = await backtest(tunedSet({}, { tune }), {
      ...options,
      async ask(element, request, signal) {
        seen.queries.push(request.query);
        seen.most = Math.max(seen.most, ++seen.underWay);
        await delay(2);
        seen.underWay--;
        return options.ask(element, request, signal);
      },
    });
    assert.equal(seen.most, 4);
    assert.deepEqual(
      seen.queries.sort(),
      names.map((name) => `usage of ${name}`),
    );
    assert.equal(result.figures.length, 24);
  });

  it('keeps what the plot needs of so many elements only', async () => {
    const both = pastGenerator(() => ['a', 'b'].map((name) => ({ name, bytes: MIB })));
    const result = await backtest(tunedSet(), { ...backtestOptions(both, 2, () => 0), traced: 1 });
    assert.deepEqual([result.traces.map(({ element }) => element), result.figures.length], [['a'], 2]);
  });

  it('measures 1,000 elements, and says that there are more', async () => {
    const names = Array.from({ length: 1001 }, (_, index) => `app-${index}`);
    const many = pastGenerator(() => names.map((name) => ({ name, bytes: MIB })));
    const { figures, missing } = await backtest(
      tunedSet(),
      backtestOptions(many, 1, () => 0),
    );
    assert.equal(figures.length, 1000);
    assert.deepEqual(
      missing.map(({ message }) => message),
      ['figures are made of the first 1000 of 1001 elements'],
    );
  });
});
