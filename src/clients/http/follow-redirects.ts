import type { HttpAnswer } from '../../api/readers.ts';
import { describeUrl } from '../../lib/describe-url.ts';
import { AnswerError, type Exchange } from './exchange.ts';
import { checkUrl } from './request-rules.ts';

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

interface RedirectOptions {
  readonly allowLoopback: boolean;
  /** Whether the request carries something of the user's that another origin must not see. */
  readonly confidential: boolean;
}

/**
 * Sends a request and follows at most 3 redirects. Confidential requests stay on their origin, https never
 * becomes http, a POST never becomes a GET, and every new URL is checked as the first was.
 */
export async function followRedirects<Answer extends Pick<HttpAnswer, 'status' | 'headers'>>(
  first: Exchange,
  send: (request: Exchange) => Promise<Answer>,
  options: RedirectOptions,
): Promise<Answer> {
  let request = first;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(request);
    const location = Object.hasOwn(answer.headers, 'location') ? answer.headers['location'] : undefined;
    if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
    if (redirects === MAX_REDIRECTS) throw new AnswerError(`more than ${MAX_REDIRECTS} redirects`);
    request = { ...request, url: redirectedUrl(request, answer.status, { ...options, location }) };
  }
}

/** The URL to ask next, or an error that says why it must not be asked. */
function redirectedUrl(
  { method, url }: Exchange,
  status: number,
  { location, confidential, allowLoopback }: RedirectOptions & { location: string },
): URL {
  const next = URL.parse(location, url.href);
  if (!next) throw new AnswerError(`redirected with ${status} to a malformed URL`);
  next.hash = '';
  const where = `redirected with ${status} to ${describeUrl(next)}`;
  if (method === 'POST' && status < 307) {
    throw new AnswerError(`${where}, which would make a GET of the POST; set the endpoint to the new URL`);
  }
  if (url.protocol === 'https:' && next.protocol === 'http:')
    throw new AnswerError(`${where}, away from https`);
  if (confidential && next.origin !== url.origin) {
    throw new AnswerError(
      `${where}, another origin, which must not see headers, body or client certificate; set the endpoint to it`,
    );
  }
  try {
    checkUrl(next, { allowLoopback });
  } catch (error) {
    throw new AnswerError(`${where}: ${(error as Error).message}`, { cause: error });
  }
  return next;
}
