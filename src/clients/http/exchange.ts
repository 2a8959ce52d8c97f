import { type Dispatcher, errors } from 'undici';
import type { HttpAnswer } from '../../api/readers.ts';
import { untilAborted } from '../../lib/until-aborted.ts';

/** Bytes of an answer after decoding; more is an error, since a body cut off is a wrong answer. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Bytes of the body of a redirect or an error, which nobody needs whole. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Milliseconds in which a body must go on. */
const BODY_IDLE_TIMEOUT = 10_000;

/** One request as it goes over the wire. */
export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until headers must be there. */
  readonly timeout: number;
}

/** Status and headers of an answer. */
type AnswerHead = Pick<HttpAnswer, 'status' | 'headers'>;

/** An answer whose body is no text. */
export interface BytesAnswer extends AnswerHead {
  /** Empty unless the status is 2xx. */
  readonly bytes: Buffer;
}

/** One request and its answer, read whole and within bounds: no retry, no redirect. */
export function exchange(
  request: Exchange,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return receive(request, { dispatcher, signal }, async (head, body) => ({
    ...head,
    body: await readText(head, body),
  }));
}

/** The same for an answer of bytes, of which at most `maxBytes` are taken. */
export function exchangeBytes(
  request: Exchange,
  { maxBytes, ...wire }: { dispatcher: Dispatcher; signal: AbortSignal; maxBytes: number },
): Promise<BytesAnswer> {
  return receive(request, wire, async (head, body) => ({
    ...head,
    bytes: isGood(head) ? await readWhole(head, body, maxBytes) : Buffer.alloc(0),
  }));
}

async function receive<Answer>(
  { method, url, headers, body, timeout }: Exchange,
  { dispatcher, signal }: { dispatcher: Dispatcher; signal: AbortSignal },
  read: (head: AnswerHead, body: AsyncIterable<Buffer>) => Promise<Answer>,
): Promise<Answer> {
  const request = dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { accept: '*/*', ...headers, 'accept-encoding': 'identity' },
    body: body ?? null,
    signal,
    headersTimeout: timeout,
    bodyTimeout: Math.min(timeout, BODY_IDLE_TIMEOUT),
  });
  // undici hears of an abort only when it has a connection, which may take longer than there is time.
  const response = await untilAborted(request, signal);
  const head = { status: response.statusCode, headers: flattenHeaders(response.headers) };
  try {
    return await read(head, response.body);
  } finally {
    // Ends the connection where the body was not read to its end; a no-op otherwise.
    response.body.on('error', () => {}).destroy();
  }
}

/** Lower-case names, repeated headers joined as RFC 9110, 5.3 allows. */
function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}

/** A good answer whole and as valid text; of any other answer the beginning, readable or not. */
async function readText(answer: AnswerHead, body: AsyncIterable<Buffer>): Promise<string> {
  if (!isGood(answer)) return (await readBytes(body, MAX_ERROR_BYTES)).bytes.toString();
  const bytes = await readWhole(answer, body, MAX_ANSWER_BYTES);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AnswerError('the answer is not UTF-8 text', { cause: error });
  }
}

function isGood({ status }: AnswerHead): boolean {
  return status >= 200 && status < 300;
}

/** All bytes of a good answer, which must be what the server has, and not too many. */
async function readWhole(answer: AnswerHead, body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  if (!/^(?:identity)?$/i.test(answer.headers['content-encoding'] ?? '')) {
    throw new AnswerError('the answer is compressed although that was not asked for');
  }
  if (Number(answer.headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
  const { bytes, whole } = await readBytes(body, maxBytes);
  if (!whole) throw tooLarge(maxBytes);
  return bytes;
}

/** Reads up to the limit; leaving the loop early closes the body. */
async function readBytes(
  body: AsyncIterable<Buffer>,
  limit: number,
): Promise<{ bytes: Buffer; whole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) return { bytes: Buffer.concat(chunks), whole: false };
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}

/** An answer came and cannot be used. Asking again would give the same. */
export class AnswerError extends Error {}

function tooLarge(maxBytes: number): AnswerError {
  return new AnswerError(`the answer is larger than ${maxBytes / 1024 / 1024} MiB, the most that is read`);
}

/** An exchange that failed, in words, without anything that the server or a Secret said. */
export function describeFailure(error: unknown): string {
  const code = codeOf(error);
  const known = FAILURES[code];
  if (known !== undefined) return known;
  if (error instanceof errors.HTTPParserError) return 'the server does not speak HTTP properly';
  if (/CERT|ISSUER|^ERR_(?:TLS|SSL|OSSL)|VERIFY/.test(code)) return `TLS failed (${code})`;
  return code === '' ? 'the request failed' : `the request failed (${code})`;
}

/** Whether the failure is one of the network, so that another try may help. */
export function isTransient(error: unknown): boolean {
  return Object.hasOwn(FAILURES, codeOf(error)) && !(error instanceof errors.HeadersOverflowError);
}

// What may pass by itself, by the code that Node or undici gives it.
const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was aborted',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in its middle',
  UND_ERR_SOCKET: 'the connection was closed before the answer was whole',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer is not as long as it says',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
};

/** Codes are constants of libraries; anything else in that field is not repeated. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : '';
}
