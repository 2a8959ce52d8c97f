import type { JsonObject, JsonValue } from './json.ts';
import { isObject, ownValue } from './json.ts';

// The HTTP API's error types; anything else in that field is the server's own text and is not repeated.
const ERROR_TYPES = new Set([
  'timeout',
  'canceled',
  'execution',
  'bad_data',
  'internal',
  'unavailable',
  'not_found',
  'not_acceptable',
]);

// How Go prints floats, in full or with an exponent. Number() would also take "", " 1 " and "0x10".
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * Throws when a body is a Prometheus answer that must not reach a template: an error, an empty result (unless
 * accepted), a sample that is not finite or not a number. Bodies of other origins pass unseen.
 * See https://prometheus.io/docs/prometheus/latest/querying/api/.
 */
export function checkPrometheusAnswer(body: JsonValue, { onEmpty }: { onEmpty: 'fail' | 'accept' }): void {
  if (!isPrometheusAnswer(body)) return;
  if (ownValue(body, 'status') !== 'success' || ownValue(body, 'errorType') !== undefined) {
    throw new Error(
      `Prometheus answered status error${describeErrorType(body)}; run the query by hand to see why`,
    );
  }
  const data = ownValue(body, 'data') as JsonObject;
  const result = ownValue(data, 'result');
  if (!Array.isArray(result)) throw new Error('the Prometheus answer has no list data.result');
  if (result.length === 0 && onEmpty === 'fail') {
    throw new Error('the Prometheus query has an empty result; if that is an answer, say onEmpty: accept');
  }
  checkResult(ownValue(data, 'resultType'), result);
}

/** Tells a Prometheus answer, good or bad, from other JSON. */
export function isPrometheusAnswer(body: JsonValue): body is JsonObject {
  if (!isObject(body) || ownValue(body, 'status') === undefined) return false;
  if (ownValue(body, 'errorType') !== undefined) return true;
  const data = ownValue(body, 'data');
  return isObject(data) && ownValue(data, 'resultType') !== undefined;
}

/** How many warnings came with the data of a Prometheus answer: Thanos gives partial answers with them. */
export function countWarnings(body: JsonValue): number {
  const warnings = isPrometheusAnswer(body) ? ownValue(body, 'warnings') : undefined;
  return Array.isArray(warnings) ? warnings.length : 0;
}

/** Whether the server says that its answer is not whole, as a cluster of VictoriaMetrics does while a part is away. */
export function isPartialAnswer(body: JsonValue): boolean {
  return isPrometheusAnswer(body) && ownValue(body, 'isPartial') === true;
}

/**
 * ` (bad_data)` for a Prometheus error of a known type, nothing otherwise; where the server found the mistake at a place
 * of the query, ` (bad_data, at line 1, column 5 of the query)`. Its own words are not repeated.
 */
export function describeErrorType(body: JsonValue): string {
  if (!isObject(body)) return '';
  const type = ownValue(body, 'errorType');
  if (typeof type !== 'string' || !ERROR_TYPES.has(type)) return '';
  return ` (${type}${describePosition(ownValue(body, 'error'))})`;
}

/** Prometheus begins what it says of a query with the place: `invalid parameter "query": 1:5: parse error: ...`. */
function describePosition(text: JsonValue | undefined): string {
  if (typeof text !== 'string') return '';
  const [, line, column] = /^(?:[^:]{0,100}: )?(\d{1,6}):(\d{1,6}): parse error: /.exec(text) ?? [];
  return line === undefined ? '' : `, at line ${line}, column ${column} of the query`;
}

/**
 * Checks every sample of the result types that have samples; strings, and other servers' types, have none.
 */
function checkResult(type: JsonValue | undefined, result: JsonValue[]): void {
  if (type === 'scalar') checkSample(result, 'data.result');
  if (type !== 'vector' && type !== 'matrix') return;
  for (const [position, series] of result.entries()) {
    const place = `data.result[${position}]`;
    if (!isObject(series)) throw new Error(`${place} of the Prometheus answer is not an object`);
    if (type === 'vector') checkVectorSample(series, place);
    else checkRange(series, place);
  }
}

function checkVectorSample(series: JsonObject, place: string): void {
  // A native histogram stands in place of a value.
  if (ownValue(series, 'value') === undefined && ownValue(series, 'histogram') !== undefined) return;
  checkSample(ownValue(series, 'value'), `${place}.value`);
}

/**
 * Checks all samples of one series of a matrix: one that is not finite spoils whatever is made of the
 * range.
 */
function checkRange(series: JsonObject, place: string): void {
  const values = ownValue(series, 'values');
  if (values === undefined && ownValue(series, 'histograms') !== undefined) return;
  if (!Array.isArray(values)) throw new Error(`${place} of the Prometheus answer has no list of values`);
  for (const [index, sample] of values.entries()) checkSample(sample, `${place}.values[${index}]`);
}

/** A sample is `[time, "value"]`; the value is a text because JSON has no NaN. */
function checkSample(sample: JsonValue | undefined, place: string): void {
  const value = Array.isArray(sample) && sample.length === 2 ? sample[1] : undefined;
  if (typeof value !== 'string') throw new Error(`${place} of the Prometheus answer is not a sample`);
  if (/^[-+]?(?:NaN|Inf)$/i.test(value)) {
    throw new Error(
      `${place} of the Prometheus answer is ${value}, not a finite number; guard the query, for example with > 0`,
    );
  }
  if (!DECIMAL.test(value) || !Number.isFinite(Number(value))) {
    throw new Error(`${place} of the Prometheus answer is not a finite number`);
  }
}
