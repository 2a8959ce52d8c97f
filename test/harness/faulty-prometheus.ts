import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Certificates, makeCertificates } from './http-certificates.ts';

/** What a query asks for: one of the values, or the age of its samples. */
export type Asked = 'memory' | 'cpu' | 'age';

/** What Prometheus itself answered. */
export interface RealAnswer {
  readonly status: number;
  readonly body: string;
}

/** One question, and the ways to an answer. */
export interface Exchange {
  readonly asked: Asked;
  readonly response: ServerResponse;
  /** What Prometheus answers to the same question, or to one with other fields. */
  ask(changed?: Readonly<Record<string, string>>): Promise<RealAnswer>;
}

/** What goes wrong on the way to Prometheus; what is absent is well. */
export interface Trouble {
  /** Whether nobody listens. */
  readonly refused?: boolean;
  /** What becomes of a connection, in place of TLS. */
  connect?(socket: Socket): void;
  /** The certificate that is shown. */
  readonly certificate?: 'otherCa' | 'elsewhere' | 'expired';
  /** Answers a question; absent: Prometheus does. */
  answer?(exchange: Exchange): Promise<unknown> | unknown;
  /** The questions that `answer` is for; absent: all. */
  readonly to?: readonly Asked[];
}

/** An address before a real Prometheus, with TLS, where troubles are made. */
export interface FaultyPrometheus {
  readonly port: number;
  readonly certificates: Certificates;
  /** Questions that came whole, and connections. */
  readonly questions: number;
  readonly connections: number;
  /** Authorization headers that were not the expected one. */
  readonly strangers: number;
  /** Makes trouble from now on, or none; connections that stand are ended. */
  trouble(trouble?: Trouble): Promise<void>;
  close(): Promise<void>;
}

/** The token that Prometheus is asked with; it must not be seen anywhere else. */
export const TOKEN = 'canary-token-5c1f';

/** Starts an address before the Prometheus of this origin. */
export async function startFaultyPrometheus(origin: string): Promise<FaultyPrometheus> {
  const certificates = makeCertificates();
  const sockets = new Set<Socket>();
  const counts = { questions: 0, connections: 0, strangers: 0 };
  let trouble: Trouble = {};
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await text(request));
    counts.questions++;
    if (request.headers.authorization !== `Bearer ${TOKEN}`) counts.strangers++;
    const asked = askedIn(form.get('query') ?? '');
    const ask = (changed = {}) => askPrometheus(origin, form, changed);
    const isFor = trouble.answer && (trouble.to ?? [asked]).includes(asked);
    if (isFor) await trouble.answer?.({ asked, response, ask });
    else respond(response, await ask());
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch(() => response.destroy());
  };
  const servers = Object.fromEntries(
    (['server', 'otherCa', 'elsewhere', 'expired'] as const).map((name) => [
      name,
      createHttpsServer(certificates[name], listener).on('tlsClientError', () => {}),
    ]),
  ) as Record<string, HttpsServer>;

  const server = createServer((socket) => {
    counts.connections++;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    if (trouble.connect) trouble.connect(socket);
    else servers[trouble.certificate ?? 'server']?.emit('connection', socket);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    certificates,
    get questions() {
      return counts.questions;
    },
    get connections() {
      return counts.connections;
    },
    get strangers() {
      return counts.strangers;
    },
    async trouble(next = {}) {
      trouble = next;
      endAll();
      if (next.refused && server.listening) await new Promise((resolve) => server.close(resolve));
      if (!next.refused && !server.listening) await listen(port);
    },
    async close() {
      endAll();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers as Prometheus did, with another body where one is given. */
export function respond(response: ServerResponse, { status, body }: RealAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

function askedIn(query: string): Asked {
  if (query.includes('timestamp(')) return 'age';
  return query.includes('memory') ? 'memory' : 'cpu';
}

async function askPrometheus(
  origin: string,
  form: URLSearchParams,
  changed: Readonly<Record<string, string>>,
): Promise<RealAnswer> {
  const body = new URLSearchParams(form);
  for (const [name, value] of Object.entries(changed)) body.set(name, value);
  const answer = await fetch(`${origin}/api/v1/query`, { method: 'POST', body });
  return { status: answer.status, body: await answer.text() };
}
