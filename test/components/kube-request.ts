import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';

/** A Kubernetes object as a test writes and reads it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMetadata;
  // A test knows what it expects; whatever else an object holds is checked where it is used.
  readonly [field: string]: unknown;
}

interface KubeMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly [field: string]: unknown;
}

/** Beyond method, path and body. */
export interface RequestOptions {
  /** Default `application/json`; a PATCH needs its own. */
  readonly contentType?: string;
  /** Default the admin's. */
  readonly token?: string;
  /** Acts as this user; the token's user must be allowed to. */
  readonly as?: { readonly user: string; readonly groups?: readonly string[] };
  /** Milliseconds until a silent server fails the request; default 30 s. */
  readonly timeout?: number;
}

/** The answer of the API server; a body that is no JSON is its text. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Sends requests to one API server, in tests' own name. */
export interface Requester {
  /** Ends all connections, which a server that went down leaves half open; the next request opens one. */
  reset(): Promise<void>;
  send<T>(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>>;
  close(): Promise<void>;
}

const TIMEOUT = 30_000;

/** Connections are kept and at most 32. */
export function createRequester(url: string, ca: string, adminToken: string): Requester {
  const timeouts = { headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT };
  const createAgent = () => new Agent({ connect: { ca }, connections: 32, allowH2: false, ...timeouts });
  let agent = createAgent();
  return {
    async reset() {
      const old = agent;
      agent = createAgent();
      await old.destroy();
    },
    async send<T>(method: string, path: string, body?: unknown, options: RequestOptions = {}) {
      const answer = await request(`${url}${path}`, {
        method,
        dispatcher: agent,
        headers: headersOf(options, adminToken),
        ...(options.timeout === undefined ? {} : { headersTimeout: options.timeout }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      const isJson = String(answer.headers['content-type']).startsWith('application/json');
      return { status: answer.statusCode, body: (isJson ? JSON.parse(text) : text) as T };
    },
    close: () => agent.destroy(),
  };
}

function headersOf(options: RequestOptions, adminToken: string): Record<string, string | string[]> {
  return {
    authorization: `Bearer ${options.token ?? adminToken}`,
    'content-type': options.contentType ?? 'application/json',
    'user-agent': 'generatorset-test',
    ...(options.as ? { 'impersonate-user': options.as.user } : {}),
    ...(options.as?.groups ? { 'impersonate-group': [...options.as.groups] } : {}),
  };
}

/** Whether a GET answers 200, on a connection of its own; throws while nobody answers at all. */
export async function answersOk(
  url: string,
  { token, caFile }: { token: string; caFile: string },
): Promise<boolean> {
  const agent = new Agent({
    connect: { ca: await readFile(caFile, 'utf8') },
    headersTimeout: 5000,
    allowH2: false,
  });
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await request(url, { dispatcher: agent, headers });
    await body.dump();
    return statusCode === 200;
  } finally {
    await agent.destroy();
  }
}
