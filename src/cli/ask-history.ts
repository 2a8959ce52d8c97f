import type { GenerateContext } from '../../generators/generator.ts';
import type { Series } from '../../generators/prometheus/answer.ts';
import { prepareAsk } from '../../generators/prometheus/ask.ts';
import { prometheus } from '../../generators/prometheus/index.ts';
import { canonicalLabels } from '../../generators/prometheus/labels.ts';
import { instantQuery } from '../../generators/prometheus/queries.ts';
import type { PrometheusSpec } from '../../generators/prometheus/schema.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { AskHistory, HistorySeries } from '../backtest/history.ts';
import type { World } from '../reconcile/world.ts';

/** Whose Prometheus is asked, and from where. */
interface AskHistoryOptions {
  readonly world: World;
  /** In place of the `url` of the generators. */
  readonly prometheus?: string;
}

/** Asks for the history of an element the Prometheus that its generator asks, with the same credentials. */
export function createAskHistory({ set }: LoadedSet, options: AskHistoryOptions): AskHistory {
  const { readers } = options.world;
  return async (element, { query, from, to, step }, signal) => {
    const entry = set.spec.generators[element.generator];
    if (element.generatorName !== prometheus.name || !entry)
      throw new Error(
        `usage is asked of Prometheus: the element is from a ${element.generatorName} generator`,
      );
    const given = entry[prometheus.name] as PrometheusSpec;
    const spec = options.prometheus === undefined ? given : { ...given, url: options.prometheus };
    const context: GenerateContext = {
      ...readers,
      namespace: set.metadata.namespace,
      signal,
      time: new Date(to),
      note: () => {},
      generate: () => Promise.reject(new Error('no generator is run here')),
      originOf: () => ({}),
      isTemplate: () => false,
      render: (value) => value,
    };
    const ask = await prepareAsk(spec, context);
    // One step more, since Prometheus 3 leaves out the beginning of a range.
    const range = { last: `${to - from + step}ms`, step: `${step}ms` };
    const series = await ask({ field: 'usage', promql: instantQuery(query, range), shape: 'range' });
    return series.map(toHistory);
  };
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
