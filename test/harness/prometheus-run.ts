import { prometheus } from '../../generators/prometheus/index.ts';
import type { PrometheusSpec } from '../../generators/prometheus/schema.ts';
import type { Element, Origin } from '../../src/api/element.ts';
import type { HttpAnswer, HttpRequest } from '../../src/api/readers.ts';
import { makeContext } from './http-context.ts';

/** The spec of every run, as far as a test says nothing else. */
export const PROMETHEUS_SPEC = { interval: '24h', url: 'http://prometheus:9090', query: 'up' };

/** What a run gave, and what it said and asked meanwhile. */
interface PrometheusRun {
  readonly elements: readonly Element[];
  /** What was noted of each element. */
  readonly origins: readonly (Origin | undefined)[];
  readonly warnings: readonly string[];
  readonly requests: readonly HttpRequest[];
}

/** Runs the generator with this answer to every question. */
export async function runPrometheus(
  spec: Partial<PrometheusSpec>,
  answer: Partial<HttpAnswer>,
): Promise<PrometheusRun> {
  const { context, warnings, requests } = makeContext(answer);
  const notes = new Map<Element, Origin>();
  const noting = { ...context, note: (element: Element, origin: Origin) => notes.set(element, origin) };
  const whole = { ...PROMETHEUS_SPEC, ...spec } as PrometheusSpec;
  const elements = await prometheus.generate(whole, noting);
  return { elements, origins: elements.map((element) => notes.get(element)), warnings, requests };
}
