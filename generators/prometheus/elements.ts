import type { Element } from '../../src/api/element.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { Series } from './answer.ts';
import { canonicalLabels, type Labels, labelsKey, pickLabels, showLabels } from './labels.ts';
import type { Sample } from './sample.ts';
import type { PrometheusSpec } from './schema.ts';

/** The series that one query gave. */
export interface QueryResult {
  /** The field of the element that gets the value. */
  readonly field: string;
  readonly series: readonly Series[];
}

/** An element, what identifies it, and when its query was evaluated, in seconds. */
export interface FoundElement {
  readonly element: Element;
  readonly key: string;
  readonly time: number;
}

/** The elements in the answers, sorted by their labels: the order in which Prometheus gives series means nothing. */
export function findElements(results: readonly QueryResult[], spec: PrometheusSpec): FoundElement[] {
  const found =
    spec.query === undefined
      ? joinSeries(results, spec)
      : results.flatMap(({ series }) => series.map((one) => singleElement(one, spec)));
  refuseTwins(found);
  return found.sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** How many series have a sample that is no finite number, which leaves their field out. */
export function countInvalid(series: readonly Series[]): number {
  return series.filter(({ samples }) => !areFinite(samples)).length;
}

/** An element of one query: all labels, the value, and with a range the values over time. */
function singleElement({ metric, samples }: Series, { range }: PrometheusSpec): FoundElement {
  const last = samples.at(-1) as Sample;
  const values = numbersOf(samples);
  const element: JsonObject = { metric: { ...metric } };
  if (values) element['value'] = values.at(-1) as number | bigint;
  if (values && range) element['values'] = values;
  element['timestamp'] = last.time;
  return { element, key: labelsKey(metric), time: last.time };
}

/** One element for each set of the labels that join; a query that has no series for one leaves its field out. */
function joinSeries(results: readonly QueryResult[], { joinOn = [], range }: PrometheusSpec): FoundElement[] {
  const joined = new Map<string, FoundElement>();
  for (const { field, series } of results) {
    const seen = new Set<string>();
    for (const { metric, samples } of series) {
      const labels = pickLabels(metric, joinOn) as Labels;
      const id = canonicalLabels(labels);
      if (seen.has(id)) throw new Error(describeTwin(field, labels));
      seen.add(id);
      const time = (samples.at(-1) as Sample).time;
      const before = joined.get(id) ?? { element: { metric: { ...labels } }, key: labelsKey(labels), time };
      joined.set(id, addField(before, { field, time, value: fieldOf(samples, range) }));
    }
  }
  return [...joined.values()];
}

/** An element is as old as the oldest of its values. */
function addField(
  { element, key, time: before }: FoundElement,
  { field, time: own, value }: { field: string; time: number; value: JsonObject[string] | undefined },
): FoundElement {
  const time = Math.min(before, own);
  const fields = value === undefined ? {} : { [field]: value };
  return { key, time, element: { ...element, ...fields, timestamp: time } };
}

function fieldOf(samples: readonly Sample[], range: PrometheusSpec['range']): JsonObject[string] | undefined {
  const values = numbersOf(samples);
  return range ? values : values?.at(-1);
}

/** The values, or undefined where one is not finite: it spoils whatever is made of the others. */
function numbersOf(samples: readonly Sample[]): (number | bigint)[] | undefined {
  return areFinite(samples) ? samples.map(({ value }) => value as number | bigint) : undefined;
}

function areFinite(samples: readonly Sample[]): boolean {
  return samples.every(({ value }) => value !== undefined);
}

/** Prometheus never gives the same labels twice for one query; what does is not to be trusted. */
function refuseTwins(found: readonly FoundElement[]): void {
  const keys = new Set<string>();
  for (const { element, key } of found) {
    if (keys.has(key))
      throw new Error(`two series have the labels ${showLabels(element['metric'] as Labels)}`);
    keys.add(key);
  }
}

function describeTwin(field: string, labels: Labels): string {
  const names = Object.keys(labels);
  const advice = names.length > 0 ? `sum by (${names.join(', ')}) (...)` : 'sum(...)';
  return `queries.${field}: two series have the labels ${showLabels(labels)}; aggregate them, for example with ${advice}, or add labels to joinOn`;
}
