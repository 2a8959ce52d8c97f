import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AuditEvent, readAuditLog, sizeOfAuditLog } from './audit-log.ts';
import { missingPrograms } from './find-program.ts';
import { kubeconfigText, type StandardTokens, type UserToken, writeTokens } from './kube-apiserver-files.ts';
import {
  type ApiserverParts,
  CERTIFICATE,
  closeParts,
  type KubeApiserverOptions,
  prepareParts,
} from './kube-apiserver-parts.ts';
import { type Answer, createRequester, type Requester, type RequestOptions } from './kube-request.ts';

/** How an API server goes down and comes back. */
export interface RestartOptions {
  /** Milliseconds between its end and its new start; default 0. */
  readonly downFor?: number;
  /** Default SIGTERM; SIGKILL ends it amid whatever it does. */
  readonly signal?: 'SIGTERM' | 'SIGKILL';
}

/**
 * A real kube-apiserver with its own etcd on loopback, and the admin's way to it. No controllers run beside it: nothing
 * collects garbage, deletes the contents of namespaces or scales.
 */
export class KubeApiserver {
  /** `https://127.0.0.1:<port>`; it stays the same through restarts. */
  readonly url: string;
  /** Certificates in PEM that sign the server's. */
  readonly ca: string;
  readonly tokens: StandardTokens;
  /** The path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  readonly #parts: ApiserverParts;
  readonly #requester: Requester;
  #kubeconfigs = 0;

  constructor(parts: ApiserverParts, ca: string) {
    this.#parts = parts;
    this.url = parts.url;
    this.ca = ca;
    this.tokens = parts.tokens;
    this.kubeconfig = join(parts.folder, 'admin.kubeconfig');
    this.#requester = createRequester(parts.url, ca, parts.tokens.admin);
  }

  get adminToken(): string {
    return this.tokens.admin;
  }

  /** Process ids, to measure memory and processor time. */
  get pids(): { readonly apiserver: number | undefined; readonly etcd: number | undefined } {
    return { apiserver: this.#parts.server.pid, etcd: this.#parts.etcd.pid };
  }

  /** Writes a kubeconfig for a token and gives its path. */
  async kubeconfigFor(token: string): Promise<string> {
    const file = join(this.#parts.folder, `${++this.#kubeconfigs}.kubeconfig`);
    await writeFile(file, kubeconfigText(this, token), { mode: 0o600 });
    return file;
  }

  /** Lets more users in; the server restarts for it. Impersonation by the admin needs no restart. */
  async addUserTokens(tokens: readonly UserToken[]): Promise<void> {
    this.#parts.users.push(...tokens);
    await writeTokens(this.#parts.folder, this.#parts.users);
    await this.restart();
  }

  /** Sends a request, as the admin unless the options say otherwise; any status is an answer. */
  request<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ): Promise<Answer<T>> {
    return this.#requester.send<T>(method, path, body, options);
  }

  /** What the server did for whom, oldest first; only what came after a mark, where one is given. */
  async audit(mark = 0): Promise<AuditEvent[]> {
    return readAuditLog(this.#auditLog(), mark);
  }

  /** A mark for `audit`: whatever is answered later comes after it. */
  async markAudit(): Promise<number> {
    return sizeOfAuditLog(this.#auditLog());
  }

  #auditLog(): string {
    if (!this.#parts.auditLog) throw new Error("the API server was started with audit: 'None'");
    return this.#parts.auditLog;
  }

  /** Ends the server and starts it again, on the same port and with the same data. */
  async restart({ downFor = 0, signal = 'SIGTERM' }: RestartOptions = {}): Promise<void> {
    await this.stop(signal);
    await delay(downFor);
    await this.start();
  }

  /** Ends the server; connections to it are refused until `start`. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.#parts.server.stop(signal);
    await this.#requester.reset();
  }

  /** Starts the server after `stop`; ready when it returns. */
  start(): Promise<void> {
    return this.#parts.server.start();
  }

  /** Freezes the server: connections stay open, and nobody answers. */
  pause(): void {
    this.#parts.server.signal('SIGSTOP');
  }

  /** Lets a frozen server go on. */
  resume(): void {
    this.#parts.server.signal('SIGCONT');
  }

  /** Takes the server's storage away: it answers, and with errors. */
  stopEtcd(): Promise<void> {
    return this.#parts.etcd.stop();
  }

  /** Gives the storage back, with its data. */
  startEtcd(): Promise<void> {
    return this.#parts.etcd.start();
  }

  /** Ends both servers and removes their data. */
  async close(): Promise<void> {
    await this.#requester.close();
    await closeParts(this.#parts);
  }
}

/** Starts a kube-apiserver; ready when it returns. The caller closes it. */
export async function startKubeApiserver(options: KubeApiserverOptions = {}): Promise<KubeApiserver> {
  const parts = await prepareParts(options);
  try {
    await parts.etcd.start();
    await parts.server.start();
    const ca = await readFile(join(parts.folder, CERTIFICATE), 'utf8');
    const server = new KubeApiserver(parts, ca);
    await writeFile(server.kubeconfig, kubeconfigText(server, parts.tokens.admin), { mode: 0o600 });
    return server;
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

/** What the machine must have. */
export const APISERVER_PROGRAMS = ['etcd', 'kube-apiserver'];

/** Milliseconds for the hooks of a suite: the start of both servers on a loaded machine, with room. */
const HOOK_TIMEOUT = 200_000;

/**
 * Gives the suite that calls it an API server of its own. Where the machine lacks the programs the suite is skipped
 * with a line that says how to get them; with CI=true that is a failure.
 */
export function useKubeApiserver(options: KubeApiserverOptions = {}): () => KubeApiserver {
  let server: KubeApiserver | undefined;
  before(async function startOrSkip() {
    this.timeout(HOOK_TIMEOUT);
    const missing = missingPrograms(APISERVER_PROGRAMS);
    if (missing.length > 0) {
      const message = `no ${missing.join(' and no ')} on this machine: npm run components`;
      if (process.env['CI'] === 'true') throw new Error(message);
      process.stderr.write(`skipped: ${message}\n`);
      this.skip();
    }
    server = await startKubeApiserver(options);
  });
  after(async function close() {
    this.timeout(HOOK_TIMEOUT);
    await server?.close();
  });
  return () => {
    if (!server) throw new Error('kube-apiserver is not running');
    return server;
  };
}
