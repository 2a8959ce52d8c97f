import type { Resource } from '../src/api/resource.ts';
import { FIELD_MANAGER, PARALLEL } from '../src/apply/cluster-access.ts';
import { inParallel } from '../src/apply/in-parallel.ts';
import type { ClusterClient } from '../src/clients/cluster/cluster-client.ts';
import { type Cluster, openCluster } from '../src/clients/cluster/open-cluster.ts';
import { stringifyJson } from '../src/lib/json.ts';
import { silentLogger } from '../src/lib/logger.ts';
import { ApplyWorld, configMap, openLeaderCluster } from '../test/components/apply-world.ts';
import { isWrite } from '../test/components/audit-log.ts';
import { createNamespace } from '../test/components/cluster-objects.ts';
import { type KubeApiserver, startKubeApiserver } from '../test/components/kube-apiserver.ts';
import { median } from './measure.ts';

const OBJECTS = 1000;
const ROUNDS = 12;

/** ConfigMaps of a set; another value changes all of them. */
function makeConfigMaps(world: ApplyWorld, value: string): Resource[] {
  return Array.from({ length: OBJECTS }, (_, index) =>
    configMap(world, `c${index}`, { data: { value, index: String(index) } }),
  );
}

/** What anybody would write: server-side applies in a loop, so many at a time. */
export async function applyByHand(
  client: ClusterClient,
  resources: readonly Resource[],
  parallel = PARALLEL,
): Promise<void> {
  const signal = new AbortController().signal;
  await inParallel(resources, parallel, async (resource) => {
    const { name, namespace } = resource.metadata;
    await client.request(
      {
        method: 'PATCH',
        path: `/api/v1/namespaces/${String(namespace)}/configmaps/${name}`,
        query: { fieldManager: FIELD_MANAGER, force: 'false' },
        body: stringifyJson(resource),
        contentType: 'application/apply-patch+yaml',
      },
      signal,
    );
  });
}

/** One action: how long it took in milliseconds, and how many requests about objects the server saw meanwhile. */
interface Run {
  readonly time: number;
  readonly calls: number;
}

async function measure(server: KubeApiserver, action: () => Promise<unknown>): Promise<Run> {
  const mark = await server.markAudit();
  const start = performance.now();
  await action();
  const time = performance.now() - start;
  const events = await server.audit(mark);
  return { time, calls: events.filter((event) => isWrite(event) || event.verb === 'get').length };
}

/** What the rounds gave, by what became of the objects. */
type Runs = Record<'created' | 'configured' | 'unchanged', { ours: Run[]; byHand: Run[] }>;

/** Both sides, with connections that are open already. */
interface Sides {
  readonly ours: Cluster;
  readonly byHand: Cluster;
}

/** A set of its own in each round, so that everything is new in each; the sides begin in turn. */
async function runRound(server: KubeApiserver, clusters: Sides, round: number, runs: Runs): Promise<void> {
  const name = 'bench';
  const ours = new ApplyWorld(clusters.ours, { namespace: await createNamespace(server), name });
  const theirs = new ApplyWorld(clusters.byHand, { namespace: await createNamespace(server), name });
  for (const what of ['created', 'configured', 'unchanged'] as const) {
    const value = what === 'created' ? '1' : '2';
    const sides = [
      async () => runs[what].ours.push(await measure(server, () => runPass(ours, value))),
      async () =>
        runs[what].byHand.push(
          await measure(server, () => applyByHand(clusters.byHand.client, makeConfigMaps(theirs, value))),
        ),
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
  }
  await ours.release();
  await theirs.release();
}

async function runPass(world: ApplyWorld, value: string): Promise<void> {
  const { error } = await world.pass(makeConfigMaps(world, value));
  if (error) throw error;
}

/**
 * Applies so many ConfigMaps that are new, changed and unchanged, beside a bare loop of the same requests with the
 * same client. One line each: objects a second of both, their ratio, requests per object.
 */
export async function benchApply(): Promise<void> {
  const server = await startKubeApiserver();
  const clusters: Sides = {
    ours: await openLeaderCluster(server),
    byHand: await openCluster({ kubeconfig: server.kubeconfig, userAgent: 'bench', log: silentLogger }),
  };
  const empty = () => ({ ours: [], byHand: [] });
  try {
    // The first round opens the connections, and runs code that is not yet compiled.
    await runRound(server, clusters, 0, { created: empty(), configured: empty(), unchanged: empty() });
    const runs: Runs = { created: empty(), configured: empty(), unchanged: empty() };
    for (let round = 1; round <= ROUNDS; round++) await runRound(server, clusters, round, runs);
    for (const [what, sides] of Object.entries(runs)) reportLine(what, sides);
  } finally {
    await Promise.all([clusters.ours.close(), clusters.byHand.close()]);
    await server.close();
  }
}

function reportLine(what: string, sides: { ours: readonly Run[]; byHand: readonly Run[] }): void {
  // Both sides of a round have the same neighbours on the machine.
  const ratio = median(sides.ours.map(({ time }, round) => (sides.byHand[round] as Run).time / time));
  const time = median(sides.ours.map((run) => run.time));
  const byHand = median(sides.byHand.map((run) => run.time));
  const calls = median(sides.ours.map((run) => run.calls)) / OBJECTS;
  const speed = (milliseconds: number): string => `${((OBJECTS * 1000) / milliseconds).toFixed(0)} objects/s`;
  process.stdout.write(
    `apply ${OBJECTS} ${what}: a pass ${speed(time)}, a bare loop ${speed(byHand)}, ratio ${ratio.toFixed(2)}, ${calls} calls per object\n`,
  );
}
