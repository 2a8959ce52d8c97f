import { WaitingError } from '../../src/api/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../src/api/readers.ts';
import { describeUrl } from '../../src/lib/describe-url.ts';
import { formatDuration } from '../../src/lib/duration.ts';
import { parseJsonAnswer } from '../../src/lib/json-answer.ts';
import type { GenerateContext } from '../generator.ts';
import type { PageAnswer } from './driver.ts';
import { rateLimitWait, waitOfError } from './rate-limit.ts';
import { readReferences } from './references.ts';
import type { PullRequestsSpec } from './schema.ts';

/** Milliseconds for each request, retries included. */
const TIMEOUT = 30_000;

/** Asks the server for a URL and reads the answer; whatever goes wrong is an error that names the URL. */
export type Ask = <Result>(url: string, read: (answer: PageAnswer) => Result) => Promise<Result>;

/** Reads the Secrets of a spec once, for all of its requests. */
export async function prepareAsk(spec: PullRequestsSpec, context: GenerateContext): Promise<Ask> {
  const { headers, ...tls } = await readReferences(spec, context);
  return async (url, read) => {
    const request: HttpRequest = {
      method: 'GET',
      url,
      headers: { accept: 'application/json', ...headers },
      timeout: TIMEOUT,
      ...tls,
    };
    const answer = await send(request, context);
    try {
      checkStatus(answer, spec);
      return read({ url, headers: answer.headers, body: parseJsonAnswer(answer) });
    } catch (error) {
      throw located(url, error as Error);
    }
  };
}

/** Errors of HTTP name the place themselves. */
async function send(request: HttpRequest, { http, signal }: GenerateContext): Promise<HttpAnswer> {
  try {
    return await http.request(request, signal);
  } catch (error) {
    // The caller's own reason for stopping is passed on as it is.
    signal.throwIfAborted();
    const wait = waitOfError(error);
    if (wait === undefined) throw error;
    throw new WaitingError('RateLimited', wait, (error as Error).message, { cause: error });
  }
}

/** Throws unless the server says that all is well. Bodies are not repeated. */
function checkStatus(answer: HttpAnswer, spec: PullRequestsSpec): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const wait = rateLimitWait(answer);
  if (wait === undefined) throw new Error(`the server answered ${status}${adviceFor(status, spec)}`);
  const more = spec.secretRef ? '' : '; with a token in the Secret of secretRef it may be asked more often';
  const waiting = formatDuration(Math.ceil(wait / 1000) * 1000);
  throw new WaitingError(
    'RateLimited',
    wait,
    `the server answered ${status}: it was asked too often, and is asked again in ${waiting}${more}`,
  );
}

/** What to do about the statuses that mostly mean one thing. Servers hide what is private behind 404. */
function adviceFor(status: number, { repo, secretRef }: PullRequestsSpec): string {
  const token = secretRef
    ? 'the token in the Secret of secretRef'
    : 'a token in the Secret of secretRef (there is none)';
  if (status === 401)
    return `; it wants ${secretRef ? 'another token' : 'a token'} in the Secret of secretRef`;
  if (status === 403) return `; ${token} must be allowed to read the pull requests of ${repo}`;
  if (status === 404)
    return `; check repo and serverURL, and, if ${repo} is private, that ${token} may read it`;
  return '';
}

/** The error with what was asked first, by origin and path. */
function located(url: string, error: Error): Error {
  const message = `GET ${describeUrl(url)}: ${error.message}`;
  if (!(error instanceof WaitingError)) return new Error(message, { cause: error });
  return new WaitingError(error.reason, error.retryAfter, message, { cause: error });
}
