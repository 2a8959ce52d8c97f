import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../components/kube-request.ts';
import { basic, type GitServer, makeRepository, startGitServer } from './git.ts';

/** Repositories behind HTTP with one user, whose password changes. */
export interface TestForge {
  readonly server: GitServer;
  /** The password that is good now. */
  password: string;
  /** Passwords that came so far, good ones and others; empty where none came. */
  readonly tried: string[];
  /** Makes a bare repository with a first commit; gives its URL and its folder. */
  create(name: string): { readonly url: string; readonly folder: string };
  close(): Promise<void>;
}

/** The user of the forge. */
export const USER = 'flux';

/** Starts a forge without repositories. */
export async function startForge(password: string): Promise<TestForge> {
  const root = await mkdtemp(join(tmpdir(), 'generatorset-forge-'));
  const server = await startGitServer(root);
  const forge: TestForge = {
    server,
    password,
    tried: [],
    create(name) {
      const folder = makeRepository(join(root, `${name}.git`), { 'README.md': 'x\n' });
      return { url: `${server.url}/${name}.git`, folder };
    },
    async close() {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  server.intercept = ({ headers }, response) => {
    const { authorization = '' } = headers;
    const given = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
    forge.tried.push(given.slice(given.indexOf(':') + 1));
    if (authorization === basic(USER, forge.password)) return false;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end('no');
    return true;
  };
  return forge;
}

/** A Secret as Flux's GitRepository has it. */
export function gitSecret(namespace: string, password: string, name = 'git'): KubeObject {
  const data = { username: toBase64(USER), password: toBase64(password) };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data };
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
