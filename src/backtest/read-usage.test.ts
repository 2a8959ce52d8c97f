import assert from 'node:assert/strict';
import { daysOf, HOUR, MIB, tunedSet } from '../../test/harness/backtest.ts';
import type { GeneratedElement } from '../api/element.ts';
import type { HistoryQuestion, HistorySeries } from '../api/history.ts';
import type { UsageCells } from './backtest-result.ts';
import { countCells, type Period } from './period.ts';
import { readUsage, renderUsage } from './read-usage.ts';

const element: GeneratedElement = { element: { name: 'web' }, index: 0, generator: 0, generatorName: 'past' };
const NANO = 1_000_000_000n;

/** Reads the usage of a period from what `answer` gives to each request. */
async function read(
  period: Period,
  answer: (request: HistoryQuestion) => readonly HistorySeries[],
): Promise<{ cells: UsageCells; requests: HistoryQuestion[] }> {
  const requests: HistoryQuestion[] = [];
  const ask = async (_element: GeneratedElement, request: HistoryQuestion) => {
    requests.push(request);
    return answer(request);
  };
  const signal = new AbortController().signal;
  const cells = await readUsage({ element, query: 'up', period }, { ask, signal });
  return { cells, requests };
}

/** A series with a value at each step. */
function everyStep(
  { from, to, step }: HistoryQuestion,
  value: (time: number) => number,
  labels = '{}',
): HistorySeries {
  const times = Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
  return { labels, samples: times.map((time) => ({ time, value: value(time) })) };
}

describe('renderUsage', () => {
  it('renders the template for the element', () =>
    assert.equal(renderUsage(tunedSet(), 0, element), 'usage of web'));
  it('says where a template fails', () => {
    const loaded = tunedSet({ usage: '{{ .Element.pod }}' });
    assert.throws(() => renderUsage(loaded, 0, element), /set\.yaml:1:1: .*map has no entry for key "pod"/);
  });
});

describe('readUsage', () => {
  const period = daysOf(1);

  it('gives a sample for each cell, and asks once', async () => {
    const { cells, requests } = await read(period, (request) => [
      everyStep(request, (time) => ((time - period.from) / HOUR) * MIB),
    ]);
    assert.deepEqual(
      cells,
      Array.from({ length: 24 }, (_, hour) => BigInt(hour * MIB) * NANO),
    );
    assert.deepEqual(requests, [{ query: 'up', from: period.from, to: period.to - HOUR, step: HOUR }]);
  });

  it('leaves cells without a finite sample empty, and samples from outside of the period out', async () => {
    const { cells } = await read(period, () => [
      {
        labels: '{}',
        samples: [
          { time: period.from - HOUR, value: 9 },
          { time: period.from + HOUR },
          { time: period.from + 2 * HOUR + 60_000, value: 7 },
          { time: period.to, value: 9 },
        ],
      },
    ]);
    assert.deepEqual(
      cells,
      Array.from({ length: 24 }, (_, hour) => (hour === 2 ? 7n * NANO : undefined)),
    );
  });

  it('keeps the digits of every number', async () => {
    const values: [number | bigint, bigint][] = [
      [0.1, 100_000_000n],
      [2n ** 70n, 2n ** 70n * NANO],
      [1e21, 10n ** 30n],
      [1e-7, 100n],
      [5e-324, 0n],
      [-0.25, -250_000_000n],
    ];
    const samples = values.map(([value], index) => ({ time: period.from + index * HOUR, value }));
    const { cells } = await read(period, () => [{ labels: '{}', samples }]);
    assert.deepEqual(
      cells.slice(0, values.length),
      values.map(([, nanos]) => nanos),
    );
  });

  it('asks in parts of less than 11,000 samples, none twice', async () => {
    const long = { ...daysOf(2), resolution: 10_000 };
    const { cells, requests } = await read(long, (request) => [everyStep(request, (time) => time / 10_000)]);
    assert.deepEqual(
      requests.map(({ from, to, step }) => (to - from) / step + 1),
      [10_999, 6281],
    );
    assert.equal(cells.length, countCells(long));
    assert.ok(cells.every((nanos, index) => nanos === BigInt(long.from / 10_000 + index) * NANO));
  });

  it('takes a series that begins late, with gaps before', async () => {
    const long = { ...daysOf(2), resolution: 10_000 };
    const { cells } = await read(long, (request) =>
      request.from === long.from ? [] : [everyStep(request, () => 1)],
    );
    assert.deepEqual([cells[0], cells.at(-1)], [undefined, NANO]);
  });

  const refused: [string, (request: HistoryQuestion) => HistorySeries[], RegExp][] = [
    ['no series', () => [], /the usage gives no series, it must give exactly one: ask Prometheus by hand/],
    [
      'several series at once',
      (request) => ['{a="1"}', '{a="2"}'].map((labels) => everyStep(request, () => 1, labels)),
      /the usage gives several series, it must give exactly one: aggregate them, for example with max\(\)/,
    ],
    [
      'one series after another',
      (request) => [everyStep(request, () => 1, `{from="${request.from}"}`)],
      /the usage gives several series/,
    ],
  ];
  for (const [what, answer, message] of refused) {
    it(`refuses ${what}`, () => assert.rejects(read({ ...daysOf(2), resolution: 10_000 }, answer), message));
  }
});
