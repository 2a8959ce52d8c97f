import { describeUrl } from '../../lib/describe-url.ts';
import { Agents } from './agents.ts';
import { describeFailure, type Exchange, exchange, isTransient } from './exchange.ts';
import { AddressRefusedError } from './guarded-connector.ts';
import { checkUrl } from './request-rules.ts';
import { type Clock, RetryAfterError, retry, systemClock } from './retry.ts';

/** Milliseconds for a message, its retries included. */
const TIMEOUT = 15_000;

/** Where JSON is sent. */
export interface JsonPoster {
  /** Sends a message, with up to 3 tries. Throws, without the message and without what the receiver said. */
  post(body: string, signal: AbortSignal): Promise<void>;
  /** Ends all connections. */
  close(): Promise<void>;
}

/**
 * Sends JSON to one address of the operator's choice, which may be within the cluster or on this machine. Throws for
 * an address that is no http(s) URL.
 */
export function createJsonPoster(
  address: string,
  { userAgent, clock = systemClock }: { readonly userAgent: string; readonly clock?: Clock },
): JsonPoster {
  const url = URL.parse(address);
  if (!url)
    throw new Error(
      'the address for events is no URL; write http://notification-controller.flux-system.svc/',
    );
  checkUrl(url, { allowLoopback: true });
  url.hash = '';
  const agents = new Agents({ allowLoopback: true });
  const headers = { 'content-type': 'application/json', 'user-agent': userAgent };
  return {
    post: (body, signal) =>
      post({ method: 'POST', url, headers, body, timeout: TIMEOUT }, { agents, clock, signal }),
    close: () => agents.close(),
  };
}

async function post(
  request: Exchange,
  { agents, clock, signal }: { readonly agents: Agents; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = AbortSignal.timeout(TIMEOUT);
  const bounded = AbortSignal.any([signal, deadline]);
  const what = `POST ${describeUrl(request.url)}`;
  let status: number;
  try {
    status = await retry(() => send(request, agents, bounded), {
      clock,
      timeout: TIMEOUT,
      signal: bounded,
      isTransient,
    }).then((answer) => answer.status);
  } catch (error) {
    signal.throwIfAborted();
    const late = deadline.aborted ? `no answer within ${TIMEOUT / 1000}s` : undefined;
    throw new Error(`${what}: ${late ?? wordFailure(error)}`, { cause: error });
  }
  if (status < 200 || status >= 300) throw new Error(`${what}: answered ${status}`);
}

/** notification-controller answers 429 to a message that it has had lately: it has it. */
async function send(request: Exchange, agents: Agents, signal: AbortSignal) {
  const answer = await exchange(request, agents.get({}), signal);
  return answer.status === 429 ? { ...answer, status: 202 } : answer;
}

function wordFailure(error: unknown): string {
  const isOurs = error instanceof AddressRefusedError || error instanceof RetryAfterError;
  return isOurs ? error.message : describeFailure(error);
}
