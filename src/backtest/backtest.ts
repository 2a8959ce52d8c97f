import type { Tune } from '../api/generatorset-schema.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { createLimiter } from '../lib/limiter.ts';
import type { Backtest, MissingFigures } from './backtest-result.ts';
import type { FixedSources } from './fixed-values.ts';
import type { AskHistory } from './history.ts';
import { measureElement } from './measure-element.ts';
import { checkPast } from './past-world.ts';
import { type ReplayOptions, replaySteps } from './replay-steps.ts';

/** Elements whose usage is asked for at once. */
const CONCURRENCY = 4;
/** Elements of which figures are made; each costs a query or more. */
const MAX_ELEMENTS = 1000;

/** What a backtest works with. */
export interface BacktestOptions extends ReplayOptions {
  readonly ask: AskHistory;
  readonly fixed: FixedSources;
  /** Of how many elements what the plot needs is kept. */
  readonly traced: number;
}

/**
 * Replays a set over a period: the commits that it would have made, and, for each decision that says how its real
 * usage is asked for, how its values compare with a fixed one. The same history gives the same result.
 */
export async function backtest(loaded: LoadedSet, options: BacktestOptions): Promise<Backtest> {
  const { metadata, spec } = loaded.set;
  checkPast(spec.generators, options.world.generators);
  const { lines, elements, ...replayed } = await replaySteps(loaded, options);
  const measuring = { ...options, loaded, elements };
  const limit = createLimiter(CONCURRENCY);
  const byElement = [...Map.groupBy(lines, ({ element }) => element).values()];
  const measured = byElement
    .slice(0, MAX_ELEMENTS)
    .map((group, index) => limit(() => measureElement(group, measuring, index < options.traced)));
  const results = (await Promise.all(measured)).flat();
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    period: options.period,
    ...replayed,
    figures: results.flatMap(({ figures }) => figures ?? []),
    missing: [
      ...(spec.tune ?? []).filter(({ usage }) => usage === undefined).map(withoutUsage),
      ...tooMany(byElement.length),
      ...results.flatMap(({ missing }) => missing ?? []),
    ],
    traces: results.flatMap(({ trace }) => trace ?? []),
  };
}

function withoutUsage({ name }: Tune): MissingFigures {
  const message =
    'the hours above it and what it over-provisions need spec.tune[].usage, the PromQL of the real usage';
  return { name, message, isFailure: false };
}

function tooMany(elements: number): MissingFigures[] {
  if (elements <= MAX_ELEMENTS) return [];
  const message = `figures are made of the first ${MAX_ELEMENTS} of ${elements} elements`;
  return [{ name: '*', message, isFailure: false }];
}
