import { StalledError } from '../../src/api/errors.ts';
import type { HttpRequest } from '../../src/api/readers.ts';
import { describeUrl } from '../../src/lib/describe-url.ts';
import { parseDuration } from '../../src/lib/duration.ts';
import { type JsonValue, stringifyJson } from '../../src/lib/json.ts';
import { parseJsonPath } from '../../src/lib/json-path-parser.ts';
import type { GenerateContext, Generator } from '../generator.ts';
import { readAnswer } from './answer.ts';
import { checkSpec, MAX_TIMEOUT } from './check.ts';
import { readReferences } from './references.ts';
import { type ApiClientSpec, apiClientSchema } from './schema.ts';

const DEFAULT_TIMEOUT = '30s';

/** Asks an HTTP API and gives the elements in its JSON answer. */
export const apiClient: Generator<ApiClientSpec> = {
  name: 'apiClient',
  schema: apiClientSchema,
  check: checkSpec,
  async generate(spec, context) {
    context.signal.throwIfAborted();
    checkJsonPath(spec);
    const request = await buildRequest(spec, context);
    const place = `${request.method} ${describeUrl(request.url)}`;
    const answer = await context.http.request(request, context.signal);
    try {
      const { elements, warnings } = readAnswer(answer, spec);
      if (warnings > 0) context.log.warn(`${place}: ${describeWarnings(warnings)}`);
      return [...elements];
    } catch (error) {
      throw locate(place, error as Error);
    }
  },
  interval: (spec) => parseDuration(spec.interval),
  query(spec) {
    const promql = URL.parse(spec.endpoint)?.searchParams.get('query');
    return promql || `${methodOf(spec)} ${describeUrl(spec.endpoint)}`;
  },
};

/** Before anything is asked: only another spec helps a path that is written wrong. */
function checkJsonPath({ jsonPath }: ApiClientSpec): void {
  try {
    if (jsonPath !== undefined) parseJsonPath(jsonPath);
  } catch (error) {
    throw new StalledError('InvalidJsonPath', `jsonPath: ${(error as Error).message}`, { cause: error });
  }
}

/** The request that a spec means, with what its objects hold. */
async function buildRequest(spec: ApiClientSpec, context: GenerateContext): Promise<HttpRequest> {
  const timeout = timeoutOf(spec);
  const { headers, ...tls } = await readReferences(spec, context);
  const body = Object.hasOwn(spec, 'body') ? stringifyJson(spec.body as JsonValue) : undefined;
  return {
    method: methodOf(spec),
    url: spec.endpoint,
    timeout,
    ...tls,
    ...((headers || body !== undefined) && { headers: mergeHeaders(body, headers) }),
    ...(body !== undefined && { body }),
  };
}

/** The content type of a body comes first, so that headersRef may say another. */
function mergeHeaders(
  body: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return { ...(body !== undefined && !named && { 'content-type': 'application/json' }), ...headers };
}

/** A body makes it a POST, whatever the method says, as in GitOpsSets. */
function methodOf(spec: ApiClientSpec): 'GET' | 'POST' {
  return Object.hasOwn(spec, 'body') ? 'POST' : (spec.method ?? 'GET');
}

/** Refused, not clamped: a timeout that silently differs is worse than an error. */
function timeoutOf(spec: ApiClientSpec): number {
  const text = spec.timeout ?? DEFAULT_TIMEOUT;
  const timeout = parseDuration(text);
  if (timeout > 0 && timeout <= MAX_TIMEOUT) return timeout;
  throw new StalledError('InvalidTimeout', `timeout ${text} must be longer than 0s and at most 10m`);
}

/** Their texts are the server's own, and are not repeated. */
function describeWarnings(count: number): string {
  const warnings = count === 1 ? 'a warning' : `${count} warnings`;
  return `the Prometheus answer has ${warnings}: it may be partial; run the query by hand to see why`;
}

/** The error with what was asked first, by origin and path. */
function locate(place: string, error: Error): Error {
  const message = `${place}: ${error.message}`;
  if (error instanceof StalledError) return new StalledError(error.reason, message, { cause: error });
  return new Error(message, { cause: error });
}
