import { parseDuration } from '../../src/lib/duration.ts';
import type { PrometheusSpec } from './schema.ts';

/** One PromQL of a spec. */
export interface NamedQuery {
  /** From the spec to the text. */
  readonly path: readonly string[];
  /** The field of the element that gets its value. */
  readonly field: string;
  readonly promql: string;
}

/** The queries of a spec, in the order in which they stand there. */
export function queriesOf(spec: PrometheusSpec): NamedQuery[] {
  if (spec.query !== undefined) return [{ path: ['query'], field: 'value', promql: spec.query }];
  return Object.entries(spec.queries ?? {}).map(([field, promql]) => ({
    path: ['queries', field],
    field,
    promql,
  }));
}

/** What Prometheus is asked for a query: the query itself, or its values over time as a subquery, whose times are
 * multiples of the step, so that two passes within one step are given the same values. */
export function instantQuery(promql: string, range: PrometheusSpec['range']): string {
  if (!range) return promql;
  // A comment at the end of the query would hide what stands behind it on its line.
  return `(${promql}\n)[${promqlDuration(range.last)}:${promqlDuration(range.step)}]`;
}

/** PromQL's durations have no fractions. */
export function promqlDuration(text: string | number): string {
  const milliseconds = Math.round(typeof text === 'number' ? text : parseDuration(text));
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}
