import type { GeneratedElement } from '../api/element.ts';
import type { Tune } from '../api/generatorset-schema.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { tuneUnit } from '../api/tune-rules.ts';
import type { Figures, MissingFigures, Trace, UsageCells } from './backtest-result.ts';
import { type FixedSources, fixedValueOf } from './fixed-values.ts';
import type { AskHistory } from './history.ts';
import { measureOutlay } from './measure-outlay.ts';
import type { Period } from './period.ts';
import { readUsage, renderUsage } from './read-usage.ts';
import type { TunedLine } from './replay-steps.ts';

/** What values are measured with. */
export interface Measuring {
  readonly loaded: LoadedSet;
  /** By key, as they were given last. */
  readonly elements: ReadonlyMap<string, GeneratedElement>;
  readonly period: Period;
  readonly fixed: FixedSources;
  readonly ask: AskHistory;
  readonly signal: AbortSignal;
}

/** What became of one tuned value: its figures, or why there are none, and what a plot needs. */
export interface MeasuredLine {
  readonly figures?: Figures;
  readonly missing?: MissingFigures;
  readonly trace?: Trace;
}

/** Measures all tuned values of one element, one after another; values with the same usage share its query. */
export async function measureElement(
  lines: readonly TunedLine[],
  measuring: Measuring,
  isTraced: boolean,
): Promise<MeasuredLine[]> {
  const known = new Map<string, Promise<UsageCells>>();
  const results: MeasuredLine[] = [];
  for (const line of lines) {
    const { trace, ...result } = await measureLine(line, { ...measuring, known });
    results.push(isTraced && trace ? { ...result, trace } : result);
  }
  return results;
}

type Known = Measuring & { readonly known: Map<string, Promise<UsageCells>> };

async function measureLine(line: TunedLine, measuring: Known): Promise<MeasuredLine> {
  const { element, name, points } = line;
  const tunes = measuring.loaded.set.spec.tune ?? [];
  const position = tunes.findIndex((tune) => tune.name === name);
  const unit = tuneUnit(tunes[position] as Tune);
  const fixed = fixedValueOf(line, measuring.fixed);
  const trace = { element, name, unit, decided: points, ...(fixed && { fixed: fixed.nanos }) };
  if (tunes[position]?.usage === undefined || !fixed) return { trace };
  try {
    const usage = await usageOf(element, position, measuring);
    const measured = measureOutlay(usage, { decided: points, fixed: fixed.nanos }, measuring.period);
    const { value, source } = fixed;
    const figures = { element, name, unit, ...measured, fixed: { ...measured.fixed, value, source } };
    return { figures, trace: { ...trace, usage } };
  } catch (error) {
    measuring.signal.throwIfAborted();
    return { missing: { element, name, message: (error as Error).message, isFailure: true }, trace };
  }
}

function usageOf(key: string, position: number, measuring: Known): Promise<UsageCells> {
  const { loaded, elements, known, period } = measuring;
  const element = elements.get(key) as GeneratedElement;
  const query = renderUsage(loaded, position, element);
  const usage = known.get(query) ?? readUsage({ element, query, period }, measuring);
  known.set(query, usage);
  return usage;
}
