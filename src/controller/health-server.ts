import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a server answers for one path. */
interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** At once, or in parts: the metrics of 10,000 sets are a long text. */
  readonly body: string | AsyncIterable<string>;
}

/** A small server that is running. */
export interface RunningServer {
  /** Where it listens; the port is the real one where 0 was asked for. */
  readonly address: { readonly host: string; readonly port: number };
  /** Ends it and its connections. */
  close(): Promise<void>;
}

export interface HealthServerOptions {
  /** `:9440` for all addresses, or `host:port`. */
  readonly address: string;
  /** Why the process had better be restarted; undefined: it is well. */
  isLive(): string | undefined;
  /** Why nothing can be expected of the process now; undefined: it is ready. */
  isReady(): string | undefined;
}

export interface MetricsServerOptions {
  /** `:8080` for all addresses, or `host:port`. */
  readonly address: string;
  /** Such as the Metrics of this controller. */
  readonly registry: {
    readonly contentType: string /** The text, in parts. */;
    metrics(): AsyncIterable<string>;
  };
  /** Milliseconds in which a reader must take something of a long text. */
  readonly readTimeout?: number;
}

const TEXT = 'text/plain; charset=utf-8';

/** Milliseconds and numbers: whoever asks gets little, and quickly. */
const LIMITS = {
  headersTimeout: 5000,
  requestTimeout: 5000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 8192,
};
const MAX_CONNECTIONS = 100;
/** Prometheus itself gives up after ten seconds. */
const READ_TIMEOUT = 10_000;

/** Answers Kubernetes' probes: `/healthz` and `/readyz` give 200 `ok`, or 500 and why not. */
export function startHealthServer({ address, isLive, isReady }: HealthServerOptions): Promise<RunningServer> {
  return startServer('health', address, {
    '/healthz': () => probeAnswer(isLive()),
    '/readyz': () => probeAnswer(isReady()),
  });
}

/** Answers Prometheus at `/metrics`. */
export function startMetricsServer({
  address,
  registry,
  readTimeout,
}: MetricsServerOptions): Promise<RunningServer> {
  const answer = async (): Promise<Answer> => ({
    status: 200,
    contentType: registry.contentType,
    body: await begin(registry.metrics()),
  });
  return startServer('metrics', address, { '/metrics': answer }, readTimeout);
}

/** The same parts, of which the first is there already: a failure before it is an answer of its own. */
async function begin(parts: AsyncIterable<string>): Promise<AsyncIterable<string>> {
  const iterator = parts[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* resume() {
    for (let part = first; !part.done; part = await iterator.next()) yield part.value;
  })();
}

/** Splits `host:port`, `:port` or `[v6]:port`; throws a RangeError that shows how it is written. */
export function parseListenAddress(address: string): { host: string; port: number } {
  const match = /^(?<host>\[[0-9a-fA-F:.]+\]|[^:[\]]*):(?<port>\d{1,5})$/.exec(address);
  const port = Number(match?.groups?.['port']);
  if (!match?.groups || !(port <= 65_535))
    throw new RangeError(
      `${JSON.stringify(address.slice(0, 100))} is no address such as :8080 or 127.0.0.1:8080`,
    );
  return { host: (match.groups['host'] as string).replace(/^\[|\]$/g, ''), port };
}

type Handlers = Readonly<Record<string, () => Answer | Promise<Answer>>>;

async function startServer(
  what: string,
  address: string,
  handlers: Handlers,
  readTimeout = READ_TIMEOUT,
): Promise<RunningServer> {
  const { host, port } = parseListenAddress(address);
  const server = http.createServer(LIMITS, (request, response) => {
    respond(request, response, handlers).catch(() => response.destroy());
  });
  server.maxConnections = MAX_CONNECTIONS;
  // Whoever reads nothing would keep a connection that others need.
  server.setTimeout(readTimeout);
  server.listen({ port, ...(host !== '' && { host }) });
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'failed';
    const why = code === 'EADDRINUSE' ? 'another process listens there' : code;
    throw new Error(`cannot serve ${what} at ${address}: ${why}`, { cause: error });
  }
  const bound = server.address() as net.AddressInfo;
  return {
    address: { host: bound.address, port: bound.port },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  handlers: Handlers,
): Promise<void> {
  const { status, contentType, body } = await answerOf(request, handlers);
  response.writeHead(status, {
    'content-type': contentType,
    ...(typeof body === 'string' && { 'content-length': Buffer.byteLength(body) }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 && { allow: 'GET, HEAD' }),
    // A body that nobody asked for is not read.
    ...(hasBody(request) && { connection: 'close' }),
  });
  if (request.method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  else await pipeline(Readable.from(body), response);
}

async function answerOf(request: http.IncomingMessage, handlers: Handlers): Promise<Answer> {
  const path = (request.url ?? '').split('?', 1)[0] as string;
  if (!Object.hasOwn(handlers, path)) return textAnswer(404, 'not found');
  if (request.method !== 'GET' && request.method !== 'HEAD') return textAnswer(405, 'method not allowed');
  try {
    return await (handlers[path] as Handlers[string])();
  } catch {
    return textAnswer(500, 'failed');
  }
}

function hasBody({ headers }: http.IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function probeAnswer(trouble: string | undefined): Answer {
  return trouble === undefined ? textAnswer(200, 'ok') : textAnswer(500, trouble);
}

function textAnswer(status: number, text: string): Answer {
  return { status, contentType: TEXT, body: `${text}\n` };
}
