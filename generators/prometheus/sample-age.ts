import { formatDuration, parseDuration } from '../../src/lib/duration.ts';
import { findSelectors } from '../../src/lib/promql.ts';
import type { Ask } from './ask.ts';
import { promqlDuration, queriesOf } from './queries.ts';
import type { Sample } from './sample.ts';
import type { PrometheusSpec } from './schema.ts';

/** Milliseconds between two looks for a sample. A look finds samples of the last 5 minutes, Prometheus' default. */
const STEPS = { min: 15_000, max: 240_000 };
/** In how many looks the longest age is divided. */
const LOOKS = 60;
/** Seconds that a time may lie ahead of the evaluation: clocks of targets differ. */
const MAX_AHEAD = 300;
/** A message shows so much of a selector. */
const MAX_SHOWN = 100;

/** All different selectors in the queries of a spec. */
export function selectorsOf(spec: PrometheusSpec): string[] {
  return [...new Set(queriesOf(spec).flatMap(({ promql }) => findSelectors(promql)))];
}

/**
 * When the newest sample was taken that the queries may have used, in seconds; of several selectors that of the
 * oldest. Throws when it is older than the spec allows or when there is none. An answer itself does not tell: its
 * samples carry the time of the evaluation.
 */
export async function readSampleTime(spec: PrometheusSpec, ask: Ask): Promise<number | undefined> {
  if (spec.maxSampleAge === undefined) return undefined;
  const limit = parseDuration(spec.maxSampleAge);
  if (spec.freshness !== undefined) return askFreshness(spec.freshness, limit, ask);
  const times = await Promise.all(selectorsOf(spec).map((selector) => askNewest(selector, limit, ask)));
  return Math.min(...times);
}

/** PromQL for the time of the newest sample of a selector, no older than the limit and one look more. */
export function newestSampleQuery(selector: string, limit: number): string {
  const step = Math.round(Math.min(Math.max(limit / LOOKS, STEPS.min), STEPS.max));
  const window = `[${promqlDuration(limit + step)}:${promqlDuration(step)}]`;
  return `max(max_over_time(timestamp(${selector})${window}))`;
}

async function askNewest(selector: string, limit: number, ask: Ask): Promise<number> {
  const promql = newestSampleQuery(selector, limit);
  const series = await ask({ field: 'maxSampleAge', promql, shape: 'instant' });
  const shown = selector.length > MAX_SHOWN ? `${selector.slice(0, MAX_SHOWN)}...` : selector;
  const sample = series[0]?.samples[0];
  if (sample) return checkAge(sample, limit, `maxSampleAge: the newest sample of ${shown}`);
  throw new Error(`maxSampleAge: ${shown} has no sample of the last ${formatDuration(limit)}`);
}

async function askFreshness(promql: string, limit: number, ask: Ask): Promise<number> {
  const series = await ask({ field: 'freshness', promql, shape: 'instant' });
  const sample = series[0]?.samples[0];
  if (sample && series.length === 1) return checkAge(sample, limit, 'freshness: the newest sample');
  throw new Error(
    `freshness: the query gives ${series.length} series, it must give one: the time of the newest sample in seconds`,
  );
}

/** Both times are of the server's clock, so that ours is of no account. */
function checkAge({ time: evaluated, value }: Sample, limit: number, what: string): number {
  if (value === undefined) throw new Error(`${what} has no time: the answer is not a finite number`);
  const time = Number(value);
  if (time > evaluated + MAX_AHEAD) {
    throw new Error(`${what} lies in the future; its time must be in seconds since 1970`);
  }
  const age = Math.max(0, Math.round((evaluated - time) * 1000));
  if (age <= limit) return time;
  throw new Error(`${what} is ${formatDuration(age)} old, older than ${formatDuration(limit)}`);
}
