import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import type { KubeApiserver } from './kube-apiserver.ts';
import { LeaderProxy } from './leader-proxy.ts';

const PROGRAM = fileURLToPath(new URL('../harness/leader-program.ts', import.meta.url));

/** Where candidates stand, and with which durations in milliseconds: lease, deadline, retry. */
export interface Election {
  readonly server: KubeApiserver;
  readonly namespace: string;
  readonly timing: readonly [number, number, number];
  /** Told of the first write of each leadership, as `<identity>.<reign>`. */
  onLeader(reign: string): void;
}

/** A process that stands for election, on a line of its own to the API server. */
export class LeaderCandidate {
  readonly identity: string;
  readonly proxy: LeaderProxy;
  /** What it complained of, for whoever wonders. */
  readonly errors: string[] = [];
  readonly #child: ChildProcess;

  private constructor(identity: string, proxy: LeaderProxy, child: ChildProcess) {
    this.identity = identity;
    this.proxy = proxy;
    this.#child = child;
  }

  static async start(election: Election, identity: string): Promise<LeaderCandidate> {
    const { server, namespace, timing } = election;
    const proxy = new LeaderProxy(Number(new URL(server.url).port));
    await proxy.listen();
    const kubeconfig = await throughProxy(server, proxy.port, identity);
    const args = [PROGRAM, kubeconfig, namespace, identity, timing.join(',')];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const candidate = new LeaderCandidate(identity, proxy, child);
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { wrote, error, why } = JSON.parse(line) as { wrote?: number; error?: string; why?: string };
      if (wrote !== undefined) election.onLeader(`${identity}.${wrote}`);
      if (error !== undefined) candidate.errors.push(`${error}: ${why}`);
    });
    return candidate;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Makes it compute for so many milliseconds without a pause. */
  block(milliseconds: number): void {
    this.#child.stdin?.write(`block ${milliseconds}\n`);
  }

  /** Stops it right after so many looks of its writes at the clock: the moment in which a fence is of least use. */
  freeze(looks: number): void {
    this.#child.stdin?.write(`freeze ${looks}\n`);
  }

  /** Its exit code, or the signal that ended it. */
  async end(): Promise<number | NodeJS.Signals> {
    if (!this.hasEnded) await once(this.#child, 'exit');
    await this.proxy.close();
    return this.#child.exitCode ?? (this.#child.signalCode as NodeJS.Signals);
  }

  async kill(): Promise<void> {
    if (!this.hasEnded) this.signal('SIGKILL');
    await this.end();
  }
}

async function throughProxy(server: KubeApiserver, port: number, identity: string): Promise<string> {
  const config = parse(await readFile(server.kubeconfig, 'utf8'));
  config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
  const file = `${server.kubeconfig}.${identity}`;
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}
