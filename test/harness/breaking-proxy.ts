import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { makeCertificates } from './http-certificates.ts';
import { startHttpServer } from './http-server.ts';

/** Breaks of a watch that is open. */
export const STREAM_BREAKS = [
  /** The connection is reset. */
  'reset',
  /** The connection ends, the answer doesn't. */
  'fin',
  /** The answer ends as it does regularly. */
  'end',
  /** Nothing comes any more, and nothing says so. */
  'half-open',
  /** The answer ends within a line. */
  'cut-line',
  /** Events are lost, and garbage stands in their place. */
  'garbage',
  /** An ERROR event: the version has expired. */
  'error-410',
  /** An ERROR event of another kind. */
  'error-500',
] as const;

/** What meets the next watch that is opened. */
export const OPENING_BREAKS = [
  'answer-410',
  'answer-429',
  'answer-500',
  /** The version is too large: what a restored server says. */
  'answer-504',
  /** The headers come a byte at a time and never end. */
  'slow-headers',
  /** The connection ends before any answer. */
  'hang-up',
] as const;

export type StreamBreak = (typeof STREAM_BREAKS)[number];
export type OpeningBreak = (typeof OPENING_BREAKS)[number];

/** A watch that goes through the proxy. */
interface OpenWatch {
  readonly path: string;
  readonly upstream: IncomingMessage;
  readonly answer: ServerResponse;
}

/** A proxy before an API server that speaks TLS on both sides and breaks watches on command. */
export interface BreakingProxy {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** Requests that were watches, and all others. */
  readonly counts: { watches: number; others: number };
  /** Paths of the collections that are watched now. */
  watched(): string[];
  /** Breaks the watches of a collection; false where none is open. */
  breakStream(path: string, kind: StreamBreak): boolean;
  /** So many next watches of a collection are met by this. */
  breakOpening(path: string, kind: OpeningBreak, times?: number): void;
  /** Answers other requests than watches, by their URL; undefined lets a request through. */
  intercept(answer: ((url: URL) => { status: number; body: object } | undefined) | undefined): void;
  close(): Promise<void>;
}

/** Starts a proxy before an API server. */
export async function startBreakingProxy(target: { url: string; ca: string }): Promise<BreakingProxy> {
  const certificates = makeCertificates();
  const proxy = new Breaker(target);
  const server = await startHttpServer(
    (request, answer) => proxy.handle(request, answer),
    certificates.server,
  );
  return {
    url: server.origin,
    ca: certificates.ca.cert,
    counts: proxy.counts,
    watched: () => proxy.watched(),
    breakStream: (path, kind) => proxy.breakStream(path, kind),
    breakOpening: (path, kind, times = 1) => proxy.breakOpening(path, kind, times),
    intercept: (answer) => proxy.intercept(answer),
    async close() {
      proxy.close();
      await server.close();
    },
  };
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host']);

class Breaker {
  readonly counts = { watches: 0, others: 0 };
  readonly #target: { url: string; ca: string };
  readonly #agent: https.Agent;
  readonly #open = new Set<OpenWatch>();
  readonly #openings = new Map<string, OpeningBreak[]>();
  #interceptor: Parameters<BreakingProxy['intercept']>[0];

  constructor(target: { url: string; ca: string }) {
    this.#target = target;
    this.#agent = new https.Agent({ keepAlive: true, ca: target.ca });
  }

  watched(): string[] {
    return [...new Set([...this.#open].map(({ path }) => path))];
  }

  breakStream(path: string, kind: StreamBreak): boolean {
    const watches = [...this.#open].filter((watch) => watch.path === path);
    for (const watch of watches) {
      this.#open.delete(watch);
      breakWatch(watch, kind);
    }
    return watches.length > 0;
  }

  breakOpening(path: string, kind: OpeningBreak, times: number): void {
    const present = this.#openings.get(path) ?? [];
    this.#openings.set(path, [...present, ...Array<OpeningBreak>(times).fill(kind)]);
  }

  intercept(answer: Parameters<BreakingProxy['intercept']>[0]): void {
    this.#interceptor = answer;
  }

  handle(request: IncomingMessage, answer: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.#target.url);
    answer.on('error', () => {});
    const isWatch = url.searchParams.get('watch') === 'true';
    this.counts[isWatch ? 'watches' : 'others']++;
    const opening = isWatch ? this.#openings.get(url.pathname)?.shift() : undefined;
    const instead = isWatch ? undefined : this.#interceptor?.(url);
    if (opening) breakAnswer(answer, opening);
    else if (instead) sendJson(answer, instead.status, instead.body);
    else this.#forward(request, answer, isWatch ? url.pathname : undefined);
  }

  close(): void {
    for (const { upstream } of this.#open) upstream.destroy();
    this.#agent.destroy();
  }

  #forward(request: IncomingMessage, answer: ServerResponse, watched: string | undefined): void {
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name)),
    );
    const url = new URL(request.url ?? '/', this.#target.url);
    const onward = https.request(url, { method: request.method, headers, agent: this.#agent }, (upstream) => {
      const status = upstream.statusCode ?? 502;
      answer.writeHead(
        status,
        Object.fromEntries(Object.entries(upstream.headers).filter(([name]) => !HOP_BY_HOP.has(name))),
      );
      if (watched !== undefined && status === 200) this.#follow({ path: watched, upstream, answer });
      else upstream.pipe(answer);
      upstream.on('error', () => answer.destroy());
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  #follow(watch: OpenWatch): void {
    this.#open.add(watch);
    watch.answer.flushHeaders();
    watch.upstream.on('data', (chunk) => {
      if (this.#open.has(watch)) watch.answer.write(chunk);
    });
    watch.upstream.on('end', () => {
      if (this.#open.delete(watch)) watch.answer.end();
    });
    watch.answer.on('close', () => this.#open.delete(watch));
  }
}

function breakWatch({ upstream, answer }: OpenWatch, kind: StreamBreak): void {
  const socket = answer.socket as TLSSocket | null;
  switch (kind) {
    case 'reset':
      // Only the TCP socket below can be reset.
      upstream.destroy();
      (socket as unknown as { _parent?: { resetAndDestroy(): void } })?._parent?.resetAndDestroy();
      socket?.destroy();
      return;
    case 'fin':
      socket?.end();
      upstream.destroy();
      return;
    case 'end':
      answer.end();
      upstream.destroy();
      return;
    case 'half-open':
      // The other side is not told; whoever is patient waits for ever.
      upstream.pause();
      return;
    case 'cut-line':
      upstream.once('data', (chunk: Buffer) => {
        answer.end(chunk.subarray(0, Math.max(1, Math.floor(chunk.length / 2))));
        upstream.destroy();
      });
      return;
    case 'garbage':
      upstream.once('data', () => {
        answer.write('{"type":"MODIFIED","object":{"metadata":{"na\n');
        upstream.on('data', (chunk: Buffer) => answer.write(chunk));
      });
      return;
    default:
      answer.write(
        `${JSON.stringify({ type: 'ERROR', object: statusOf(kind === 'error-410' ? 410 : 500) })}\n`,
      );
      upstream.on('data', (chunk: Buffer) => answer.write(chunk));
  }
}

function breakAnswer(answer: ServerResponse, kind: OpeningBreak): void {
  switch (kind) {
    case 'hang-up':
      answer.socket?.destroy();
      return;
    case 'slow-headers':
      drip(answer);
      return;
    case 'answer-429':
      answer.setHeader('retry-after', '1');
      break;
  }
  const status = Number(kind.slice('answer-'.length));
  sendJson(answer, status, statusOf(status));
}

/** Sends a header a byte at a time, until the other side has had enough. */
function drip(answer: ServerResponse): void {
  const { socket } = answer;
  socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket?.write('a'), 50);
  answer.on('close', () => clearInterval(timer));
  socket?.on('error', () => {});
}

function sendJson(answer: ServerResponse, status: number, body: object): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const REASONS: Record<number, string> = { 410: 'Expired', 429: 'TooManyRequests', 504: 'Timeout' };

function statusOf(code: number): object {
  const causes = code === 504 ? [{ reason: 'ResourceVersionTooLarge', message: 'too large' }] : [];
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: REASONS[code] ?? http.STATUS_CODES[code]?.replaceAll(' ', ''),
    code,
    message: `broken on purpose: ${code}`,
    details: { causes },
  };
}
