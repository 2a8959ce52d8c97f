import type { Dispatcher } from 'undici';
import { StalledError } from '../../api/errors.ts';
import type { HttpAnswer, HttpReader, HttpRequest } from '../../api/readers.ts';
import { describeUrl } from '../../lib/describe-url.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { Logger } from '../../lib/logger.ts';
import { Agents } from './agents.ts';
import {
  AnswerError,
  type BytesAnswer,
  describeFailure,
  type Exchange,
  exchange,
  exchangeBytes,
  isTransient,
} from './exchange.ts';
import { followRedirects } from './follow-redirects.ts';
import { AddressRefusedError, type Resolve, type TlsIdentity } from './guarded-connector.ts';
import { type RecordedAnswer, Recorder, RecordingError } from './recording.ts';
import { NoRecordingError, ReplayDispatcher } from './replay-dispatcher.ts';
import { checkRequest } from './request-rules.ts';
import { type Clock, RetryAfterError, retry, systemClock } from './retry.ts';

/** What a reader may reach, and what stands in for the outside. */
export interface HttpReaderOptions {
  /** Whether 127.0.0.0/8 and ::1 may be reached: on one's own machine, not in a cluster. */
  readonly allowLoopback: boolean;
  /** Addresses that are refused beside, such as that of the API server. */
  readonly refused?: readonly string[];
  /** Folder that every exchange is written to. */
  readonly record?: string;
  /** Folder that answers instead of the network. */
  readonly replay?: string;
  readonly userAgent: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** In place of the network, for tests. */
  readonly dispatcher?: Dispatcher;
  /** In place of DNS, for tests. */
  readonly resolve?: Resolve;
}

/** A file to fetch whole: no headers, no body. */
export interface DownloadRequest {
  readonly url: string;
  readonly maxBytes: number;
  /** Milliseconds for the whole exchange, retries included. */
  readonly timeout: number;
}

/** An HttpReader with connections that `close` ends. */
export interface ClosableHttpReader extends HttpReader {
  /** Fetches a file under the rules of requests; whatever is not a 2xx is an error. */
  download(request: DownloadRequest, signal: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Creates the one way to HTTP: guarded addresses, bounded time and size, retries, redirects under rules, and
 * recordings. Its messages name method, origin and path; never a query, a header's value or a body.
 */
export function createHttpReader(options: HttpReaderOptions): ClosableHttpReader {
  const agents = new Agents(options);
  const recorder = options.record === undefined ? undefined : new Recorder(options.record);
  const replay = options.replay === undefined ? undefined : new ReplayDispatcher(options.replay);
  const wire: Wire = {
    options,
    dispatcherFor: (identity) => {
      // Also without a network, so that a replay finds a broken PEM as the real run does.
      const agent = agents.get(identity);
      return replay ?? options.dispatcher ?? agent;
    },
    answered: async (request, answer) => recorder?.record(request, answer()),
  };
  return {
    request: (request, signal) => requestWithin(request, signal, { wire, send }),
    download: ({ maxBytes, ...request }, signal) =>
      requestWithin({ ...request, method: 'GET' }, signal, {
        wire,
        send: async (...args) => expectBytes(await sendForBytes(maxBytes, ...args)),
      }),
    close: () => agents.close(),
  };
}

/** What lies below one request. */
interface Wire {
  readonly options: HttpReaderOptions;
  dispatcherFor(identity: TlsIdentity): Dispatcher;
  /** Takes a function, since nobody records most of the time. */
  answered(request: Exchange, answer: () => RecordedAnswer): Promise<void>;
}

/** A request that the rules let through. */
type CheckedRequest = Omit<HttpRequest, 'url'> & { readonly url: URL };

/** Bounds a request in time and words every failure; the caller's own abort is passed on as it is. */
async function requestWithin<Answer>(
  request: HttpRequest,
  signal: AbortSignal,
  { wire, send }: { wire: Wire; send: Send<Answer> },
): Promise<Answer> {
  signal.throwIfAborted();
  let deadline: AbortSignal | undefined;
  try {
    const url = checkRequest(request, wire.options);
    deadline = AbortSignal.timeout(Math.ceil(request.timeout));
    return await send({ ...request, url }, AbortSignal.any([signal, deadline]), wire);
  } catch (error) {
    signal.throwIfAborted();
    const late = deadline?.aborted && `no whole answer within ${formatDuration(request.timeout)}`;
    throw locate(request, late || wordFailure(error), error);
  }
}

/** One request with its redirects and retries. */
type Send<Answer> = (request: CheckedRequest, signal: AbortSignal, wire: Wire) => Promise<Answer>;

function send(request: CheckedRequest, signal: AbortSignal, wire: Wire): Promise<HttpAnswer> {
  const dispatcher = wire.dispatcherFor(request);
  // Below retries and redirects, so that a recording holds every answer and replays take the same way.
  async function sendOnce(next: Exchange): Promise<HttpAnswer> {
    const answer = await exchange(next, dispatcher, signal);
    await wire.answered(next, () => answer);
    return answer;
  }
  return sendOften(request, { signal, wire, sendOnce });
}

function sendForBytes(
  maxBytes: number,
  ...[request, signal, wire]: Parameters<Send<BytesAnswer>>
): Promise<BytesAnswer> {
  const dispatcher = wire.dispatcherFor(request);
  async function sendOnce(next: Exchange): Promise<BytesAnswer> {
    const { bytes, ...head } = await exchangeBytes(next, { dispatcher, signal, maxBytes });
    await wire.answered(next, () => ({ ...head, body: bytes.toString('base64'), encoding: 'base64' }));
    return { ...head, bytes };
  }
  return sendOften(request, { signal, wire, sendOnce });
}

function expectBytes({ status, bytes }: BytesAnswer): Buffer {
  if (status >= 200 && status < 300) return bytes;
  throw new AnswerError(`answered ${status}`);
}

async function sendOften<Answer extends Pick<HttpAnswer, 'status' | 'headers'>>(
  request: CheckedRequest,
  {
    signal,
    wire,
    sendOnce,
  }: { signal: AbortSignal; wire: Wire; sendOnce: (next: Exchange) => Promise<Answer> },
): Promise<Answer> {
  const { allowLoopback, clock = systemClock, userAgent, log } = wire.options;
  const headers = { 'user-agent': userAgent, ...lowerNames(request.headers) };
  const body = request.body === undefined ? {} : { body: request.body };
  const { method, url, timeout } = request;
  const first: Exchange = { method, url, headers, timeout, ...body };
  const confidential =
    Object.keys(request.headers ?? {}).length > 0 || request.cert !== undefined || request.body !== undefined;

  async function sendAndLog(next: Exchange): Promise<Answer> {
    const answer = await sendOnce(next);
    log.debug(`${next.method} ${describeUrl(next.url)}: ${answer.status}`);
    return answer;
  }
  const attempt = () => followRedirects(first, sendAndLog, { allowLoopback, confidential });
  return retry(attempt, { clock, timeout, signal, isTransient });
}

/** Names in lower case, so that a user's header replaces ours of the same name. */
function lowerNames(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Puts method, origin and path first. StalledErrors of the rules name their URL themselves. */
function locate(request: HttpRequest, problem: string, cause: unknown): Error {
  const message = `${request.method} ${describeUrl(request.url)}: ${problem}`;
  return cause instanceof StalledError
    ? new StalledError(cause.reason, cause.message, { cause })
    : new Error(message, { cause });
}

/** Errors worded in this folder speak for themselves; those of libraries are told by their code. */
function wordFailure(error: unknown): string {
  const ours = [
    AnswerError,
    AddressRefusedError,
    NoRecordingError,
    RecordingError,
    RetryAfterError,
    StalledError,
  ];
  if (ours.some((kind) => error instanceof kind)) return (error as Error).message;
  const plain = error instanceof Error && error.constructor === Error && !('code' in error);
  return plain ? error.message : describeFailure(error);
}
