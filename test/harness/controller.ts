import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../components/cluster-objects.ts';
import { findFreePort } from '../components/free-port.ts';
import type { KubeApiserver } from '../components/kube-apiserver.ts';
import { COMPILED, PROGRAM } from './run-program.ts';

/** A controller in a process of its own, as it runs in a pod. */
export interface TestController {
  readonly pid: number;
  readonly health: string;
  readonly metrics: string;
  /** Its log so far, one entry a line. */
  log(): Record<string, unknown>[];
  /** What it has printed, as it stands. */
  output(): string;
  /** The value of a metric, summed over the series whose labels match; 0 without one. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Ends it with SIGTERM, or otherwise; gives its exit code, null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

interface ControllerStart {
  /** Default: that of the cluster's administrator. */
  readonly kubeconfig?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until its caches must be whole; 0: do not wait. */
  readonly patience?: number;
}

/** Starts a controller against a real API server, and waits until it is ready. */
export async function startController(
  server: KubeApiserver,
  { kubeconfig = server.kubeconfig, flags = [], env = {}, patience = 60_000 }: ControllerStart = {},
): Promise<TestController> {
  const [healthPort, metricsPort] = [await findFreePort(), await findFreePort()];
  const args = [
    PROGRAM,
    'controller',
    `--kubeconfig=${kubeconfig}`,
    `--health-addr=127.0.0.1:${healthPort}`,
    `--metrics-addr=127.0.0.1:${metricsPort}`,
    '--allow-loopback',
    '--allow-file',
    ...flags,
  ];
  const child = spawn(process.execPath, args, {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: join(tmpdir(), 'generatorset-test-home'),
      NODE_COMPILE_CACHE: COMPILED,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const controller = follow(child, `http://127.0.0.1:${healthPort}`, `http://127.0.0.1:${metricsPort}`);
  if (patience > 0) await becomeReady(controller, child, patience);
  return controller;
}

function follow(child: ChildProcess, health: string, metrics: string): TestController {
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  return {
    pid: child.pid as number,
    health,
    metrics,
    log: () => output.split('\n').flatMap(readLine),
    output: () => output,
    async metric(name, labels = {}) {
      const text = await (await fetch(`${metrics}/metrics`)).text();
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const series = text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      const chosen = series.filter((line) => wanted.every((label) => line.includes(label)));
      return chosen.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
}

function readLine(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}

async function becomeReady(controller: TestController, child: ChildProcess, patience: number): Promise<void> {
  try {
    await waitFor(
      'the controller to be ready',
      async () => {
        if (child.exitCode !== null) throw new Error(`the controller ended with ${child.exitCode}`);
        return (await fetch(`${controller.health}/readyz`).catch(() => undefined))?.ok ?? false;
      },
      patience,
    );
  } catch (error) {
    await controller.stop('SIGKILL');
    throw new Error(`${(error as Error).message}; it said:\n${controller.output()}`, { cause: error });
  }
}
