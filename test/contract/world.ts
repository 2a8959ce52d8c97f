import type { GenerateContext } from '../../generators/generator.ts';
import { generators } from '../../generators/index.ts';
import type { HttpReader, Tree, TreeEntry } from '../../src/api/readers.ts';
import { createArtifactReader } from '../../src/clients/artifact/artifact-reader.ts';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { composingContext } from '../harness/composing-context.ts';
import { startHttpServer } from '../harness/http-server.ts';
import { itemOf } from '../harness/pull-request-answers.ts';
import { contractObjects } from './objects.ts';
import { makeSources } from './sources.ts';

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
  '/api/v3/repos/octo/hello/pulls': {
    body: JSON.stringify([7, 3].map((number) => itemOf('github', { number, labels: ['preview'] }))),
  },
  '/login/api/v3/repos/octo/hello/pulls': { body: `<html>${CANARY}</html>` },
  '/refused/api/v3/repos/octo/hello/pulls': { status: 401, body: CANARY },
  '/broken/api/v3/repos/octo/hello/pulls': { body: JSON.stringify([{ number: CANARY }]) },
};

/** Answers as an https server where one must be: the server of the world, without its certificates. */
export const SECURE_ORIGIN = 'https://scm.example';

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
  const sources = await makeSources(FILES, CANARY);
  const server = await startHttpServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    asked.push(path);
    const answer = ANSWERS[path];
    const archive = sources.archives.get(path);
    if (archive) response.end(archive);
    else if (/^\/hang(?:\/|$)/.test(path)) response.writeHead(200).write('[');
    else response.writeHead(answer?.status ?? (answer ? 200 : 404)).end(answer?.body ?? CANARY);
  });
  const reader = createHttpReader({ allowLoopback: true, userAgent: 'contract', log: silentLogger });
  const http: HttpReader = {
    request: (request, signal) =>
      reader.request({ ...request, url: request.url.replace(SECURE_ORIGIN, server.origin) }, signal),
  };
  return {
    asked,
    origin: server.origin,
    context: (signal = new AbortController().signal) =>
      composingContext(
        {
          namespace: 'apps',
          signal,
          log: silentLogger,
          http,
          objects: sources.withSources(contractObjects(asked, CANARY), server.origin),
          artifacts: createArtifactReader({ download: reader.download, log: silentLogger }),
          git: { open: async ({ url }, treeSignal) => openTree(url, { asked, signal: treeSignal }) },
        },
        generators,
      ),
    async close() {
      await reader.close();
      await server.close();
    },
  };
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
