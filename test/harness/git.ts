import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

/** Nothing of the machine's or its user's git reaches a test. */
const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  LANG: 'C.UTF-8',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

/** Runs git in a folder and gives what it printed, without the last line end. */
export function git(folder: string, args: readonly string[], input?: string): string {
  const options = { cwd: folder, env: ENVIRONMENT, input: input ?? '', maxBuffer: 1 << 28 };
  return execFileSync('git', [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
    .toString()
    .replace(/\n$/, '');
}

/** What one entry of a commit is: a file's text, a link's target, another repository's commit, or its removal. */
type TestFile = string | Buffer | { symlink: string } | { submodule: string } | null;

/** Makes a bare repository, with a first commit when files are given. */
export function makeRepository(
  path: string,
  files?: Readonly<Record<string, TestFile>>,
  { branch = 'main', format = 'sha1' } = {},
): string {
  mkdirSync(path, { recursive: true });
  git(path, ['init', '--quiet', '--bare', `--object-format=${format}`, `--initial-branch=${branch}`, '.']);
  git(path, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  git(path, ['config', 'http.receivepack', 'true']);
  if (files) commitFiles(path, files, { branch });
  return path;
}

/** Adds a commit to a branch as somebody else would; gives its id. */
export function commitFiles(
  repository: string,
  files: Readonly<Record<string, TestFile>>,
  { branch = 'main', message = 'change' } = {},
): string {
  const index = join(repository, `test-index-${process.pid}`);
  const run = (args: readonly string[], input?: string | Buffer): string =>
    execFileSync('git', [...args], {
      cwd: repository,
      env: { ...ENVIRONMENT, GIT_INDEX_FILE: index },
      input: input ?? '',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
      .toString()
      .trim();
  const parent = branchHead(repository, branch);
  if (parent) run(['read-tree', parent]);
  const zeros = '0'.repeat(run(['hash-object', '--stdin'], '').length);
  const lines = Object.entries(files).map(([path, file]) => {
    if (file === null) return `0 ${zeros}\t${path}\0`;
    if (typeof file === 'string' || Buffer.isBuffer(file))
      return `100644 ${run(['hash-object', '-w', '--stdin'], file)}\t${path}\0`;
    if ('symlink' in file) return `120000 ${run(['hash-object', '-w', '--stdin'], file.symlink)}\t${path}\0`;
    return `160000 ${file.submodule}\t${path}\0`;
  });
  run(['update-index', '-z', '--index-info'], lines.join(''));
  const tree = run(['write-tree']);
  const commit = run(['commit-tree', tree, ...(parent ? ['-p', parent] : []), '-m', message]);
  run(['update-ref', `refs/heads/${branch}`, commit]);
  rmSync(index, { force: true });
  return commit;
}

/** The commit of a branch; undefined when there is no such branch. */
export function branchHead(repository: string, branch = 'main'): string | undefined {
  try {
    return git(repository, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
  } catch {
    return undefined;
  }
}

/** The text of each file of a branch. */
export function branchFiles(repository: string, branch = 'main'): Record<string, string> {
  const names = git(repository, ['ls-tree', '-r', '-z', '--name-only', `refs/heads/${branch}`]);
  const paths = names.split('\0').filter((name) => name !== '');
  return Object.fromEntries(
    paths.map((path) => [
      path,
      execFileSync('git', ['cat-file', 'blob', `refs/heads/${branch}:${path}`], {
        cwd: repository,
        env: ENVIRONMENT,
      }).toString(),
    ]),
  );
}

/** How many commits a branch has. */
export function countCommits(repository: string, branch = 'main'): number {
  return Number(git(repository, ['rev-list', '--count', `refs/heads/${branch}`]));
}

/** Installs a hook of the bare repository: a shell script. */
export function addHook(repository: string, name: string, script: string): void {
  const file = join(repository, 'hooks', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** A server of the repositories below a folder, as `git http-backend` gives them. */
export interface GitServer {
  readonly url: string;
  /** Method and path of every request so far; with query. */
  readonly requests: string[];
  /** Called before each request; `true` means that it has dealt with it. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Ends the connection of a push after git has carried it out, before its answer. */
  cutPushAnswer: boolean;
  close(): Promise<void>;
}

/** Starts `git http-backend` behind HTTP(S) on loopback; with a user every request needs basic authentication. */
export async function startGitServer(
  root: string,
  { user, password, tls }: { user?: string; password?: string; tls?: { cert: string; key: string } } = {},
): Promise<GitServer> {
  const expected = user === undefined ? undefined : basic(user, password ?? '');
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    state.requests.push(`${request.method} ${request.url}`);
    if (state.intercept?.(request, response)) return;
    if (expected !== undefined && request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end('no');
      return;
    }
    serveGit({ request, response, root, user, cut: state.cutPushAnswer && isPush(request) });
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: GitServer = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    cutPushAnswer: false,
    close: () => closeServer(server),
  };
  return state;
}

/** The value of an Authorization header. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function isPush(request: IncomingMessage): boolean {
  return request.method === 'POST' && (request.url ?? '').endsWith('/git-receive-pack');
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function serveGit({
  request,
  response,
  root,
  user,
  cut,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  root: string;
  user: string | undefined;
  cut: boolean;
}): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: user ?? 'anonymous',
      REMOTE_ADDR: '127.0.0.1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      ...(request.headers['content-encoding'] && {
        HTTP_CONTENT_ENCODING: String(request.headers['content-encoding']),
      }),
      ...(request.headers['git-protocol'] && { GIT_PROTOCOL: String(request.headers['git-protocol']) }),
      ...(request.headers['content-length'] && { CONTENT_LENGTH: request.headers['content-length'] }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => request.unpipe());
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    if (cut) response.destroy();
    else answer(response, Buffer.concat(chunks));
  });
}

/** Turns the CGI answer into HTTP. */
function answer(response: ServerResponse, cgi: Buffer): void {
  const end = cgi.indexOf('\r\n\r\n');
  const headers = cgi
    .toString('latin1', 0, end)
    .split('\r\n')
    .map((line) => line.split(/: */, 2) as [string, string]);
  const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1];
  for (const [name, value] of headers) if (name.toLowerCase() !== 'status') response.setHeader(name, value);
  response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10));
  response.end(cgi.subarray(end + 4));
}
