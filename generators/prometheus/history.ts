import type { HistoryQuestion, HistorySeries } from '../../src/api/history.ts';
import type { AskContext } from '../generator.ts';
import type { Series } from './answer.ts';
import { prepareAsk } from './ask.ts';
import { canonicalLabels } from './labels.ts';
import { instantQuery } from './queries.ts';
import type { PrometheusSpec } from './schema.ts';

/** Asks the Prometheus of a spec, with its credentials and headers, for a query over time. */
export async function readHistory(
  spec: PrometheusSpec,
  { query, from, to, step, url = spec.url }: HistoryQuestion,
  context: AskContext,
): Promise<HistorySeries[]> {
  const ask = await prepareAsk({ ...spec, url }, { ...context, time: new Date(to) });
  // One step more, since Prometheus 3 leaves out the beginning of a range.
  const range = { last: `${to - from + step}ms`, step: `${step}ms` };
  const series = await ask({ field: 'usage', promql: instantQuery(query, range), shape: 'range' });
  return series.map(toHistory);
}

function toHistory({ metric, samples }: Series): HistorySeries {
  return {
    labels: canonicalLabels(metric),
    samples: samples.map(({ time, value }) => ({
      time: Math.round(time * 1000),
      ...(value !== undefined && { value }),
    })),
  };
}
