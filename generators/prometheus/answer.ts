import type { HttpAnswer } from '../../src/api/readers.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../../src/lib/json.ts';
import { errorTypeOf, parseJsonAnswer } from '../../src/lib/json-answer.ts';
import {
  countWarnings,
  describeErrorType,
  isPartialAnswer,
  isPrometheusAnswer,
} from '../../src/lib/prometheus-answer.ts';
import type { Labels } from './labels.ts';
import { readSample, type Sample } from './sample.ts';

/** One series of an answer. */
export interface Series {
  readonly metric: Labels;
  /** Oldest first; exactly one where no range was asked for. */
  readonly samples: readonly Sample[];
}

/** What Prometheus answered. */
export interface PrometheusAnswer {
  readonly series: readonly Series[];
  /** How many warnings it added; a partial answer has some. */
  readonly warnings: number;
  /** The server says that the answer is not whole. */
  readonly isPartial: boolean;
}

/** What a query may give: one sample of each series, or their samples over time. */
export type Shape = 'instant' | 'range';

/**
 * Reads an answer of /api/v1/query. Whatever is not a good answer of the shape that was asked for is an error: it must
 * never pass for an empty one. Messages repeat nothing of the answer but constants of the API.
 * https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function readAnswer(answer: HttpAnswer, shape: Shape): PrometheusAnswer {
  checkStatus(answer);
  const body = parseJsonAnswer(answer);
  if (!isPrometheusAnswer(body)) {
    throw new Error('the answer is JSON, but not an answer of Prometheus; check the url');
  }
  if (ownValue(body, 'status') !== 'success' || ownValue(body, 'errorType') !== undefined) {
    throw new Error(
      `Prometheus answered status error${describeErrorType(body)}; run the query by hand to see why`,
    );
  }
  const data = ownValue(body, 'data') as JsonObject;
  return {
    series: readResult(data, shape),
    warnings: countWarnings(body),
    isPartial: isPartialAnswer(body),
  };
}

// What to do about the statuses that mostly mean one thing.
const STATUS_ADVICE: Readonly<Record<number, string>> = {
  400: '; run the query by hand to see why',
  401: '; it wants a right token, or username and password, in the Secret of secretRef',
  403: '; the credentials of secretRef may not ask this',
  404: '; check the path of the url, which is what stands before /api/v1',
  405: '; check the path of the url, which is what stands before /api/v1',
  422: '; run the query by hand to see why',
};

/** Throws unless the server says that all is well. A Prometheus error is told by its type. */
function checkStatus({ status, body }: HttpAnswer): void {
  if (status >= 200 && status < 300) return;
  throw new Error(`the server answered ${status}${errorTypeOf(body)}${STATUS_ADVICE[status] ?? ''}`);
}

/** The series of a result of the type that was asked for; the others are explained. */
function readResult(data: JsonObject, shape: Shape): Series[] {
  const type = ownValue(data, 'resultType');
  const result = ownValue(data, 'result');
  if (!Array.isArray(result)) throw new Error('the Prometheus answer has no list data.result');
  if (shape === 'range' && type === 'matrix') return result.map(readRange);
  if (shape === 'instant' && type === 'vector') return result.map(readInstant);
  if (shape === 'instant' && type === 'scalar') {
    return [{ metric: {}, samples: [readSample(result, 'data.result')] }];
  }
  throw new Error(TYPE_ADVICE.get(type) ?? 'the Prometheus answer has a result of an unknown type');
}

const TYPE_ADVICE = new Map<unknown, string>([
  [
    'matrix',
    'the query gives a range of samples (a matrix); set range, or aggregate it, for example with max_over_time',
  ],
  ['string', 'the query gives a text, not a number'],
  ['scalar', 'the query gives one number without labels, which has no range; write vector(...) around it'],
  ['vector', 'the answer has no values over time, though a range was asked for'],
]);

function readInstant(item: JsonValue, position: number): Series {
  const place = `data.result[${position}]`;
  const series = seriesOf(item, place);
  refuseHistogram(series, { field: 'value', histogram: 'histogram' });
  return { metric: readLabels(series, place), samples: [readSample(ownValue(series, 'value'), place)] };
}

function readRange(item: JsonValue, position: number): Series {
  const place = `data.result[${position}]`;
  const series = seriesOf(item, place);
  refuseHistogram(series, { field: 'values', histogram: 'histograms' });
  const values = ownValue(series, 'values');
  if (!Array.isArray(values) || values.length === 0)
    throw new Error(`${place} of the Prometheus answer has no list of values`);
  return {
    metric: readLabels(series, place),
    samples: values.map((value, index) => readSample(value, `${place}.values[${index}]`)),
  };
}

function seriesOf(item: JsonValue, place: string): JsonObject {
  if (isObject(item)) return item;
  throw new Error(`${place} of the Prometheus answer is not an object`);
}

/** A native histogram is many numbers; which one is meant, only the query can say. */
function refuseHistogram(
  series: JsonObject,
  { field, histogram }: { field: string; histogram: string },
): void {
  if (ownValue(series, histogram) === undefined) return;
  const mixed = ownValue(series, field) === undefined ? '' : ' beside numbers';
  throw new Error(
    `the query gives native histograms${mixed}; take a number from them, for example with histogram_quantile`,
  );
}

function readLabels(series: JsonObject, place: string): Labels {
  const metric = ownValue(series, 'metric');
  if (!isObject(metric)) throw new Error(`${place} of the Prometheus answer has no object metric`);
  const labels = Object.entries(metric).map(([name, value]): [string, string] => {
    if (typeof value === 'string') return [name, value];
    throw new Error(`${place}.metric of the Prometheus answer has a label that is no text`);
  });
  return Object.fromEntries(labels);
}
