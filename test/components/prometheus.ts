import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import { findFreePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';

/** Milliseconds until a started Prometheus must be ready. */
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
  const port = await findFreePort();
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=10y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const origin = `http://127.0.0.1:${port}`;
  const server = new ServerProcess({
    program: 'prometheus',
    args,
    log: join(folder, 'prometheus.log'),
    patience: PATIENCE,
    isReady: async () => {
      const answer = await fetch(`${origin}/-/ready`);
      await answer.body?.cancel();
      return answer.ok;
    },
  });
  await server.start();
  const close = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { origin, close };
}
