import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringifyYaml } from '../../src/lib/yaml.ts';
import { createNamespace, waitFor } from '../components/cluster-objects.ts';
import { missingPrograms } from '../components/find-program.ts';
import { type Prometheus, startPrometheus } from '../components/prometheus.ts';
import {
  type NotificationReceiver,
  startNotificationReceiver,
} from '../contract/events/notification-receiver.ts';
import { useController } from '../harness/controller-suite.ts';
import { bringAbout } from './monitored-sets.ts';
import { readRules } from './monitoring-files.ts';

/** A series of an answer. */
interface Series {
  readonly labels: Readonly<Record<string, string>>;
}

/** Gives the suite that calls it a controller with sets in all states, what it tells, and a Prometheus that listens. */
export function useMonitoredWorld() {
  const flags = ['--enable-leader-election', '--leader-election-retry-period=1s'];
  const receiver = useReceiver(flags);
  const { server, controller } = useController({ flags });
  const world = { namespace: '', folder: '' };
  let prometheus: Prometheus | undefined;

  before(async function start() {
    this.timeout(200_000);
    const missing = missingPrograms(['prometheus', 'promtool']);
    if (missing.length > 0 && process.env['CI'] !== 'true') this.skip();
    await server().request('POST', '/api/v1/namespaces', { metadata: { name: 'flux-system' } });
    world.namespace = await createNamespace(server());
    await bringAbout(server(), world.namespace);
    world.folder = await mkdtemp(join(tmpdir(), 'generatorset-rules-'));
    prometheus = await startScraping(world.folder, controller().metrics);
    await waitFor('a scrape', async () => (await ask('query?query=up==1', 'result')).length > 0);
  });
  after(async () => {
    await prometheus?.close();
    if (world.folder !== '') await rm(world.folder, { recursive: true, force: true });
  });

  async function ask(path: string, field: 'result' | 'alerts'): Promise<Series[]> {
    const answer = await fetch(`${prometheus?.origin}/api/v1/${path}`);
    const body = (await answer.json()) as {
      readonly error?: string;
      readonly data?: Readonly<Record<string, Series[]>>;
    };
    const series = body.data?.[field];
    if (!series) throw new Error(`${path}: ${body.error}`);
    return series;
  }

  /** What the controller exports now. */
  const read = async (): Promise<string> => (await fetch(`${controller().metrics}/metrics`)).text();
  return {
    ...{ flags, receiver, server, controller, read },
    namespace: () => world.namespace,
    /** The series of a metric, without its name and the namespace of the sets. */
    async valuesOf(metric: string): Promise<string[]> {
      const lines = (await read()).split('\n').filter((line) => line.startsWith(`${metric}{`));
      return lines.map((line) =>
        line.slice(metric.length).replace(`exported_namespace="${world.namespace}",`, ''),
      );
    },
    /** What Prometheus answers; throws where it does not understand. */
    query: (expr: string): Promise<Series[]> => ask(`query?query=${encodeURIComponent(expr)}`, 'result'),
    /** Alerts that are pending or fire. */
    alerts: (): Promise<Series[]> => ask('alerts', 'alerts'),
  };
}

/** Starts it before the controller, whose flags name it. */
function useReceiver(flags: string[]): () => NotificationReceiver {
  let receiver: NotificationReceiver | undefined;
  before(async () => {
    receiver = await startNotificationReceiver();
    flags.push(`--events-addr=${receiver.origin}`);
  });
  after(() => receiver?.close());
  return () => {
    if (!receiver) throw new Error('the receiver of events is not running');
    return receiver;
  };
}

/** A Prometheus that has the rules and reads the controller each second, with the label that a PodMonitor adds. */
async function startScraping(folder: string, metrics: string): Promise<Prometheus> {
  const rules = join(folder, 'rules.yaml');
  await writeFile(rules, stringifyYaml(JSON.parse(JSON.stringify(await readRules()))));
  const target = { targets: [new URL(metrics).host], labels: { namespace: 'flux-system' } };
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'generatorset', static_configs: [target] }],
  };
  return startPrometheus([], stringifyYaml(config));
}
