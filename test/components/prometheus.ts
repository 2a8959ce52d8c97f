import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { unusedPort } from '../harness/http-server.ts';
import { findProgram } from './find-program.ts';

/** Milliseconds until a started Prometheus must be ready, and a stopped one gone. */
const PATIENCE = 15_000;

/** A real Prometheus on loopback, with history that a test made. */
export interface Prometheus {
  readonly origin: string;
  close(): Promise<void>;
}

/** One series: its name and labels as OpenMetrics writes them, and samples by seconds since 1970. */
export interface Series {
  readonly series: string;
  readonly samples: Iterable<readonly [seconds: number, value: number]>;
}

/**
 * Gives the suite that calls it a Prometheus with these series. Where the machine has none the suite is
 * skipped with a line that says how to get it; with CI=true that is a failure.
 */
export function usePrometheus(series: () => readonly Series[]): () => Prometheus {
  let prometheus: Prometheus | undefined;
  before(async function startOrSkip() {
    this.timeout(60_000);
    const missing = ['prometheus', 'promtool'].filter((program) => !findProgram(program));
    if (missing.length > 0) {
      const message = `no ${missing.join(' and no ')} on this machine: apt-get install prometheus`;
      if (process.env['CI'] === 'true') throw new Error(message);
      process.stderr.write(`skipped: ${message}\n`);
      this.skip();
    }
    prometheus = await startPrometheus(series());
  });
  after(() => prometheus?.close());
  return () => {
    if (!prometheus) throw new Error('Prometheus is not running');
    return prometheus;
  };
}

/** Starts a Prometheus that has the series as its history, and scrapes nothing unless its configuration says so. */
export async function startPrometheus(
  series: readonly Series[],
  config = 'scrape_configs: []\n',
): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'generatorset-prometheus-'));
  try {
    if (series.length > 0) await backfill(folder, series);
    return await start(folder, config);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function backfill(folder: string, series: readonly Series[]): Promise<void> {
  const file = join(folder, 'series.txt');
  await writeFile(file, openMetrics(series));
  const args = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--max-block-duration=768h',
    '--quiet',
    file,
    join(folder, 'data'),
  ];
  execFileSync(findProgram('promtool') ?? 'promtool', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/**
 * https://github.com/prometheus/OpenMetrics: the series of one name stand together, each in order of time.
 */
function openMetrics(series: readonly Series[]): string {
  const lines = series.flatMap(({ series: name, samples }) => {
    return Array.from(samples, ([seconds, value]) => `${name} ${value} ${seconds}`);
  });
  return `${lines.join('\n')}\n# EOF\n`;
}

async function start(folder: string, text: string): Promise<Prometheus> {
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, text);
  const port = await unusedPort();
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=10y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const child = spawn(findProgram('prometheus') ?? 'prometheus', args, { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  const close = async () => {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(origin, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { origin, close };
}

async function waitUntilReady(origin: string, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await delay(20)) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with code ${child.exitCode}`);
    const answer = await fetch(`${origin}/-/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
  }
  throw new Error(`prometheus was not ready within ${PATIENCE / 1000} s`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await ended;
  clearTimeout(force);
}
