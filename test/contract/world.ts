import type { GenerateContext } from '../../generators/generator.ts';
import type { ObjectRef, Tree, TreeEntry } from '../../src/api/readers.ts';
import type { Resource } from '../../src/api/resource.ts';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { startHttpServer } from '../harness/http-server.ts';

/** Stands in every Secret and every bad answer; no message may show it. */
export const CANARY = 'canary-7c1f';

/** What the server answers, by path. Below `/hang` no answer ends. */
const ANSWERS: Readonly<Record<string, { status?: number; body: string }>> = {
  '/elements': { body: '[{"name": "a", "n": 9007199254740993}, {"name": "b"}]' },
  '/page': { body: `<html>${CANARY}</html>` },
  '/refused': { status: 401, body: CANARY },
  '/prometheus-error': {
    status: 400,
    body: JSON.stringify({ status: 'error', errorType: 'bad_data', error: CANARY }),
  },
  '/prometheus/api/v1/query': {
    body: JSON.stringify({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: { pod: 'b' }, value: [1687950455.23, '9007199254740993'] },
          { metric: { pod: 'a' }, value: [1687950455.23, '1.5'] },
        ],
      },
    }),
  },
  '/broken/api/v1/query': {
    status: 422,
    body: JSON.stringify({ status: 'error', errorType: 'execution', error: CANARY }),
  },
  '/partial/api/v1/query': {
    body: JSON.stringify({
      status: 'success',
      warnings: [CANARY],
      data: { resultType: 'vector', result: [{ metric: { pod: CANARY }, value: [1, '1'] }] },
    }),
  },
};

const FILES: Readonly<Record<string, string>> = {
  'apps/web/app.yaml': 'name: web\n',
  'apps/api/app.yaml': 'name: api\n',
  'apps/broken/app.yaml': `${CANARY}: [`,
};

/**
 * The outside that generators are tried against: a real HTTP server and client, local objects and one tree.
 */
export interface World {
  readonly origin: string;
  context(signal?: AbortSignal): GenerateContext;
  /** Requests and objects that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Starts the outside. Everything that a generator reads from it is noted in `asked`. */
export async function startWorld(): Promise<World> {
  const asked: string[] = [];
  const server = await startHttpServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    asked.push(path);
    const answer = ANSWERS[path];
    if (/^\/hang(?:\/|$)/.test(path)) response.writeHead(200).write('[');
    else response.writeHead(answer?.status ?? (answer ? 200 : 404)).end(answer?.body ?? CANARY);
  });
  const http = createHttpReader({ allowLoopback: true, userAgent: 'contract', log: silentLogger });
  return {
    asked,
    origin: server.origin,
    context: (signal = new AbortController().signal) => ({
      namespace: 'apps',
      signal,
      log: silentLogger,
      http,
      objects: { get: async (ref) => readObject(ref, asked) },
      git: { open: async ({ url }, treeSignal) => openTree(url, { asked, signal: treeSignal }) },
      note: () => {},
      generate: async () => [],
    }),
    async close() {
      await http.close();
      await server.close();
    },
  };
}

function readObject(ref: ObjectRef, asked: string[]): Resource | undefined {
  asked.push(`${ref.kind} ${ref.name}`);
  if (ref.name === 'missing') return undefined;
  const stringData = {
    Authorization: `Bearer ${CANARY}\n`,
    username: CANARY,
    password: CANARY,
    caFile: CANARY,
  };
  return { ...ref, metadata: { name: ref.name, namespace: ref.namespace }, stringData };
}

async function openTree(
  url: string,
  { asked, signal }: { asked: string[]; signal: AbortSignal },
): Promise<Tree> {
  asked.push(url);
  signal.throwIfAborted();
  if (url.endsWith('/hang')) await hang(signal);
  const files = Object.keys(FILES).map((path): TreeEntry => ({ path, type: 'file', oid: '0'.repeat(40) }));
  const folders = new Set(Object.keys(FILES).flatMap((path) => ['apps', path.replace(/\/[^/]*$/, '')]));
  const directories = [...folders].map(
    (path): TreeEntry => ({ path, type: 'directory', oid: '1'.repeat(40) }),
  );
  return {
    commit: '2'.repeat(40),
    list: async () => [...directories, ...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
    read: async (paths) => new Map(paths.map((path) => [path, Buffer.from(FILES[path] ?? '')])),
  };
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}
