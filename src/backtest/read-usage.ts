import type { GeneratedElement } from '../api/element.ts';
import type { HistorySeries } from '../api/history.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { parseQuantity } from '../lib/quantity.ts';
import { elementData, renderField } from '../render/render-field.ts';
import type { UsageCells } from './backtest-result.ts';
import type { AskHistory } from './history.ts';
import { cellAt, cellIndex, countCells, type Period } from './period.ts';

/** Prometheus gives 11,000 samples of a series to one query; one is for a source that begins early. */
const MAX_SAMPLES = 10_999;

const NANO = 1_000_000_000n;
/** Less than a billionth is nothing. */
const LEAST = 1e-9;

/** Whose usage is wanted. */
interface UsageQuestion {
  readonly element: GeneratedElement;
  /** As `renderUsage` gives it. */
  readonly query: string;
  readonly period: Period;
}

/** The query of an element's usage, by the `usage` of the decision at this position. */
export function renderUsage({ set, source }: LoadedSet, position: number, element: GeneratedElement): string {
  const path = ['spec', 'tune', position, 'usage'];
  const usage = set.spec.tune?.[position]?.usage ?? '';
  return renderField(usage, elementData(set, element), { set, source, path, about: element });
}

/**
 * The usage of one element over a period, as its source remembers it. Throws where the answer is not exactly
 * one series: it must be clear what is measured.
 */
export async function readUsage(
  { element, query, period }: UsageQuestion,
  { ask, signal }: { readonly ask: AskHistory; readonly signal: AbortSignal },
): Promise<UsageCells> {
  const labels = new Set<string>();
  const cells: (bigint | undefined)[] = new Array(countCells(period)).fill(undefined);
  for (const window of windowsOf(period)) {
    const answer = await ask(element, { ...window, query, step: period.resolution }, signal);
    for (const series of answer) labels.add(series.labels);
    if (labels.size > 1) throw notOne('several', 'aggregate them, for example with max()');
    for (const series of answer) fillCells(cells, series, period);
  }
  if (labels.size === 0) throw notOne('no', 'ask Prometheus by hand to see why');
  return cells;
}

/** The samples of the period in parts that are small enough for one query each; none asks for a time twice. */
function windowsOf(period: Period): { from: number; to: number }[] {
  const cells = countCells(period);
  return Array.from({ length: Math.ceil(cells / MAX_SAMPLES) }, (_, index) => {
    const last = Math.min((index + 1) * MAX_SAMPLES, cells) - 1;
    return { from: cellAt(period, index * MAX_SAMPLES).sample, to: cellAt(period, last).sample };
  });
}

function notOne(found: string, advice: string): Error {
  return new Error(`the usage gives ${found} series, it must give exactly one: ${advice}`);
}

/** Each sample goes to the cell that its time is in; one outside of the period is nobody's. */
function fillCells(cells: (bigint | undefined)[], { samples }: HistorySeries, period: Period): void {
  for (const { time, value } of samples) {
    const cell = cellIndex(period, time);
    if (cell >= 0 && cell < cells.length && value !== undefined) cells[cell] = toNanos(value);
  }
}

/** A number in billionths. */
function toNanos(value: number | bigint): bigint {
  if (typeof value === 'bigint') return value * NANO;
  // Digits as they are written: 0.1 is a tenth, not the nearest double.
  return Math.abs(value) < LEAST ? 0n : parseQuantity(String(value)).nanos;
}
