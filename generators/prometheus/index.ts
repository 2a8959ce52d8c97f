import type { Element } from '../../src/api/element.ts';
import { parseDuration } from '../../src/lib/duration.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { weighJson } from '../../src/lib/weigh-json.ts';
import type { GenerateContext, Generator } from '../generator.ts';
import { type Ask, prepareAsk } from './ask.ts';
import { checkSpec } from './check.ts';
import { countInvalid, type FoundElement, findElements, type QueryResult } from './elements.ts';
import { readHistory } from './history.ts';
import { instantQuery, type NamedQuery, queriesOf } from './queries.ts';
import { formatTime } from './sample.ts';
import { readSampleTime } from './sample-age.ts';
import { type PrometheusSpec, prometheusSchema } from './schema.ts';

/** Bytes that the series of all queries may take in memory, roughly. */
const MAX_WEIGHT = 64 * 1024 * 1024;

/** Asks Prometheus and gives its series as elements. */
export const prometheus: Generator<PrometheusSpec> = {
  name: 'prometheus',
  schema: prometheusSchema,
  check: checkSpec,
  knowsPast: true,
  async generate(spec, context) {
    context.signal.throwIfAborted();
    const stop = new AbortController();
    const signal = AbortSignal.any([context.signal, stop.signal]);
    try {
      const ask = await prepareAsk(spec, { ...context, signal });
      const [results, sampled] = await Promise.all([askAll(spec, ask, context), readSampleTime(spec, ask)]);
      return findElements(results, spec).map((found) => noted(found, sampled, context));
    } finally {
      // After the first query that fails nobody waits for the others.
      stop.abort();
    }
  },
  history: readHistory,
  interval: (spec) => parseDuration(spec.interval),
  query(spec) {
    if (spec.query !== undefined) return spec.query.trim();
    return queriesOf(spec)
      .map(({ field, promql }) => `${field}: ${promql.trim()}`)
      .join('; ');
  },
};

/** All queries at once: an element is made of answers of one time. */
function askAll(spec: PrometheusSpec, ask: Ask, context: GenerateContext): Promise<QueryResult[]> {
  let weight = 0;
  return Promise.all(
    queriesOf(spec).map(async (query) => {
      const promql = instantQuery(query.promql, spec.range);
      const place = query.path.join('.');
      const series = await ask({ field: place, promql, shape: spec.range ? 'range' : 'instant' });
      checkCount(series.length, place, spec);
      weight += weighJson(series as unknown as JsonValue);
      if (weight > MAX_WEIGHT) throw new Error(`${place}: the series of all queries are too many to be kept`);
      warnOfInvalid({ query, series }, context);
      return { field: query.field, series };
    }),
  );
}

/** Fewer series than there must be are an answer that is not to be trusted, and so are more. */
function checkCount(count: number, place: string, { onEmpty, expect }: PrometheusSpec): void {
  if (count === 0 && onEmpty !== 'accept') {
    throw new Error(
      `${place}: the Prometheus query has an empty result; if that is an answer, say onEmpty: accept`,
    );
  }
  const few = expect?.min !== undefined && count < expect.min && `at least ${expect.min}`;
  const many = expect?.max !== undefined && count > expect.max && `at most ${expect.max}`;
  const expected = few || many;
  if (expected) throw new Error(`${place}: the query has ${count} series, expected are ${expected}`);
}

/** An element without its value keeps what was decided last, which somebody should know. */
function warnOfInvalid(
  { query, series }: { query: NamedQuery; series: QueryResult['series'] },
  { log }: GenerateContext,
): void {
  const count = countInvalid(series);
  if (count === 0) return;
  log.warn(
    `${query.path.join('.')}: ${count} of ${series.length} series have a value that is NaN or infinite; their elements have no ${query.field}`,
  );
}

function noted(
  { element, key, time }: FoundElement,
  sampled: number | undefined,
  context: GenerateContext,
): Element {
  context.note(element, {
    key,
    evaluated: formatTime(time),
    ...(sampled !== undefined && { sampled: formatTime(sampled) }),
  });
  return element;
}
