import type { Element } from '../../src/api/element.ts';
import type { HttpAnswer } from '../../src/api/readers.ts';
import { isObject, type JsonValue } from '../../src/lib/json.ts';
import { errorTypeOf, parseJsonAnswer } from '../../src/lib/json-answer.ts';
import { queryJsonPath } from '../../src/lib/json-path.ts';
import { checkPrometheusAnswer, countWarnings } from '../../src/lib/prometheus-answer.ts';
import type { ApiClientSpec } from './schema.ts';

/** What an answer holds for its generator. */
interface ReadAnswer {
  readonly elements: readonly Element[];
  /** How many warnings Prometheus added; a partial answer has some. */
  readonly warnings: number;
}

/**
 * Reads an answer. Whatever is not a good answer is an error: it must never pass for an empty one.
 */
export function readAnswer(answer: HttpAnswer, spec: ApiClientSpec): ReadAnswer {
  checkStatus(answer);
  const body = parseJsonAnswer(answer);
  checkPrometheusAnswer(body, { onEmpty: spec.onEmpty ?? 'fail' });
  return { elements: findElements(body, spec), warnings: countWarnings(body) };
}

function findElements(body: JsonValue, spec: ApiClientSpec): Element[] {
  if (spec.jsonPath !== undefined) return objectsOf(findList(spec.jsonPath, body), spec.jsonPath);
  if (spec.singleElement) {
    if (isObject(body)) return [body];
    throw new Error(`the answer is ${typeOf(body)}, not an object, as singleElement needs`);
  }
  if (isObject(body)) {
    throw new Error(
      'the answer is an object, not a list; set singleElement: true, or jsonPath to the list in it',
    );
  }
  return objectsOf(body, 'the answer');
}

/** Throws unless the server says that all is well. A Prometheus error is told by its type. */
function checkStatus({ status, body }: HttpAnswer): void {
  if (status >= 200 && status < 300) return;
  throw new Error(`the server answered ${status}${errorTypeOf(body)}${STATUS_ADVICE[status] ?? ''}`);
}

// What to do about the statuses that mostly mean one thing.
const STATUS_ADVICE: Readonly<Record<number, string>> = {
  401: '; set the Authorization header in the object of headersRef',
  403: '; the credentials of headersRef may not ask this',
  404: '; check the path of the endpoint',
};

/**
 * Exactly one value, as in GitOpsSets: more would mean that the path says something else than its author
 * thinks.
 */
function findList(jsonPath: string, body: JsonValue): JsonValue {
  const values = queryJsonPath(jsonPath, body);
  const [value] = values;
  if (value !== undefined && values.length === 1) return value;
  throw new Error(`jsonPath ${jsonPath} finds ${values.length} values, it must find one list`);
}

/** A list whose every item is an object. */
function objectsOf(value: JsonValue, what: string): Element[] {
  if (!Array.isArray(value)) throw new Error(`${what} is ${typeOf(value)}, not a list of objects`);
  return value.map((item, position) => {
    if (isObject(item)) return item;
    throw new Error(`${what}: item ${position} is ${typeOf(item)}, not an object`);
  });
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return `a ${typeof value === 'bigint' ? 'number' : typeof value}`;
}
