import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Ajv } from 'ajv';
import { startHttpServer } from '../../harness/http-server.ts';

/** Bytes of a message that are read. */
const MAX_BODY = 3 * 1024 * 1024;

/** An event as it came over the wire. */
export interface ReceivedEvent {
  readonly involvedObject: Readonly<Record<string, string>>;
  readonly severity: string;
  readonly message: string;
  readonly reason: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A server that takes events as notification-controller does, and remembers each request. */
export interface NotificationReceiver {
  readonly origin: string;
  /** What was accepted, in the order of its coming. */
  readonly events: ReceivedEvent[];
  /** What was answered to each request. */
  readonly answers: number[];
  /** Answers to the next requests in place of its own. */
  readonly planned: number[];
  close(): Promise<void>;
}

/**
 * Starts it: 202 for an event, 400 for what is no JSON of an event, 413 for what is too large, and 429 for an event that
 * came before: the same object, message, revision and token. Source: fluxcd/notification-controller, internal/server.
 */
export async function startNotificationReceiver(): Promise<NotificationReceiver> {
  const receiver = { events: [] as ReceivedEvent[], answers: [] as number[], planned: [] as number[] };
  const known = new Set<string>();
  const answer = async (request: IncomingMessage): Promise<number> => {
    const body = await readBody(request);
    const planned = receiver.planned.shift();
    if (planned !== undefined) return planned;
    if (body === undefined) return 413;
    const event = parseEvent(body);
    if (!event || request.method !== 'POST') return 400;
    const key = keyOf(event);
    if (known.has(key)) return 429;
    known.add(key);
    receiver.events.push(event);
    return 202;
  };
  const server = await startHttpServer((request: IncomingMessage, response: ServerResponse) => {
    void answer(request).then((status) => {
      receiver.answers.push(status);
      response.writeHead(
        status,
        status === 429 ? { 'retry-after': new Date(Date.now() + 300_000).toUTCString() } : {},
      );
      response.end();
    });
  });
  return Object.assign(receiver, { origin: server.origin, close: () => server.close() });
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= MAX_BODY) chunks.push(chunk as Buffer);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks).toString();
}

function parseEvent(body: string): ReceivedEvent | undefined {
  try {
    return JSON.parse(body) as ReceivedEvent;
  } catch {
    return undefined;
  }
}

/** Facts come with the group of the object before them, which is taken away. */
function keyOf({ involvedObject: { kind, namespace, name }, message, metadata = {} }: ReceivedEvent): string {
  const facts = ['revision', 'token'].map((fact) => metadata[`generatorset.dev/${fact}`] ?? '');
  return createHash('sha256')
    .update([kind, namespace, name, message, ...facts].join('\n'))
    .digest('hex');
}

/** What is wrong with an event by the recorded contract; empty: nothing. */
export async function createEventCheck(): Promise<(event: unknown) => string[]> {
  const schema = JSON.parse(await readFile(`${import.meta.dirname}/event.schema.json`, 'utf8')) as object;
  const check = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);
  return (event) => {
    check(event);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
