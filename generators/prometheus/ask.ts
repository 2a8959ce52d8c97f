import { StalledError } from '../../src/api/errors.ts';
import type { HttpRequest } from '../../src/api/readers.ts';
import { describeUrl } from '../../src/lib/describe-url.ts';
import { parseDuration } from '../../src/lib/duration.ts';
import { trimEndOf } from '../../src/lib/trim-end.ts';
import type { AskContext } from '../generator.ts';
import { type PrometheusAnswer, readAnswer, type Series, type Shape } from './answer.ts';
import { readReferences } from './references.ts';
import type { PrometheusSpec } from './schema.ts';

/** Time for a query where the spec says none. */
const DEFAULT_TIMEOUT = '30s';

/** One question to Prometheus. */
interface Question {
  /** The field of the spec that asks, for messages. */
  readonly field: string;
  readonly promql: string;
  readonly shape: Shape;
}

/** Asks Prometheus and gives the series of a good answer; everything else is an error that names field and place. */
export type Ask = (question: Question) => Promise<readonly Series[]>;

/** Reads the Secrets of a spec once, for all of its questions. */
export async function prepareAsk(spec: PrometheusSpec, context: AskContext): Promise<Ask> {
  const { headers: authorization, ...tls } = await readReferences(spec, context);
  const url = `${trimEndOf(spec.url, '/')}/api/v1/query`;
  const timeout = parseDuration(spec.timeout ?? DEFAULT_TIMEOUT);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...spec.headers, ...authorization };

  return async ({ field, promql, shape }) => {
    const request: HttpRequest = {
      method: 'POST',
      url,
      headers,
      body: formOf(promql, timeout, context.time),
      timeout,
      ...tls,
    };
    try {
      const answer = await askOnce(request, shape, context);
      const doubt = describeDoubt(answer);
      if (doubt === undefined) return answer.series;
      const problem = `${placeOf(request)}: the Prometheus answer ${doubt}; run the query by hand to see why`;
      if (spec.onWarnings !== 'accept') throw new Error(`${problem}, or say onWarnings: accept`);
      context.log.warn(`${field}: ${problem}`);
      return answer.series;
    } catch (error) {
      // The caller's own reason for stopping is passed on as it is.
      context.signal.throwIfAborted();
      throw located(field, error as Error);
    }
  };
}

/** Errors of HTTP name the place themselves. */
async function askOnce(
  request: HttpRequest,
  shape: Shape,
  { http, signal }: AskContext,
): Promise<PrometheusAnswer> {
  const answer = await http.request(request, signal);
  try {
    return readAnswer(answer, shape);
  } catch (error) {
    throw located(placeOf(request), error as Error);
  }
}

/** Why an answer may not be whole. The texts of warnings are the server's own, and are not repeated. */
function describeDoubt({ warnings, isPartial }: PrometheusAnswer): string | undefined {
  if (isPartial) return 'is partial (isPartial)';
  if (warnings === 0) return undefined;
  return `has ${warnings === 1 ? 'a warning' : `${warnings} warnings`}: it may be partial`;
}

/** The form of an instant query; without a time Prometheus takes its own. */
function formOf(promql: string, timeout: number, time: Date | undefined): string {
  const form = new URLSearchParams({ query: promql, timeout: `${timeout / 1000}` });
  if (time) form.set('time', `${time.getTime() / 1000}`);
  return form.toString();
}

function placeOf({ method, url }: HttpRequest): string {
  return `${method} ${describeUrl(url)}`;
}

function located(place: string, error: Error): Error {
  const message = `${place}: ${error.message}`;
  if (error instanceof StalledError) return new StalledError(error.reason, message, { cause: error });
  return new Error(message, { cause: error });
}
