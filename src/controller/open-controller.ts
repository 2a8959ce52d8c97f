import { hostname } from 'node:os';
import { join } from 'node:path';
import { generatorChecks } from '../api/check-generators.ts';
import { DEFAULT_NAMESPACE } from '../api/defaults.ts';
import { createSetValidator } from '../api/validate-set.ts';
import { createArtifactReader } from '../clients/artifact/artifact-reader.ts';
import { type Fence, NotLeaderError } from '../clients/cluster/cluster-client.ts';
import { createDiscovery } from '../clients/cluster/discovery.ts';
import { ListWatch } from '../clients/cluster/list-watch.ts';
import { type Cluster, openCluster } from '../clients/cluster/open-cluster.ts';
import { systemWatchClock } from '../clients/cluster/watch-clock.ts';
import { createSharedWatches } from '../clients/cluster/watch-sharing.ts';
import { createTemplateLibrary } from '../clients/files/template-library.ts';
import { createTreeReader } from '../clients/git/tree-reader.ts';
import { limitHosts } from '../clients/http/host-limits.ts';
import { createHttpReader } from '../clients/http/http-reader.ts';
import { createJsonPoster } from '../clients/http/post-json.ts';
import { shareAnswers } from '../clients/http/single-flight.ts';
import { sha256 } from '../lib/digest.ts';
import { systemAmbient } from '../reconcile/system-ambient.ts';
import { WorkQueue } from '../reconcile/work-queue.ts';
import { createEventRecorder } from '../status/event-recorder.ts';
import { createStatusWriter } from '../status/status-writer.ts';
import { Checkpoint } from './checkpoint.ts';
import type { ControllerContext, ControllerOptions } from './controller-options.ts';
import type { ControllerParts } from './controller-parts.ts';
import { type ControllerLogger, createJsonLogger } from './json-logger.ts';
import { LeaseElector } from './lease-elector.ts';
import { Metrics } from './metrics.ts';
import { refusedAddresses } from './refused-addresses.ts';
import { SetRuntimes } from './set-runtimes.ts';
import { type StoredSet, storeSet } from './stored-set.ts';
import { createIdentity, systemElectionClock } from './system-election.ts';
import { followSets } from './watch-sets.ts';
import type { Workshop } from './work-on-sets.ts';

/** The name under which everything of the controller is known in the cluster. */
const NAME = 'generatorset-controller';

/** A controller that is put together; nothing runs yet. */
export interface Controller {
  readonly log: ControllerLogger;
  readonly metrics: Metrics;
  /** Origin of the API server. */
  readonly server: string;
  readonly sets: ListWatch<StoredSet>;
  readonly parts: ControllerParts;
  readonly workshop: Workshop;
  /** Opens the election; the callback is called when this process leads, its signal aborts when that ends. */
  openElector(onStarted: (leading: AbortSignal) => void): LeaseElector;
  close(): Promise<void>;
}

/** Reads the configuration and puts the controller together. Throws one sentence for each thing that is wrong. */
export async function openController(
  options: ControllerOptions,
  context: ControllerContext,
): Promise<Controller> {
  const log = createJsonLogger({
    level: options.logLevel,
    encoding: options.logEncoding,
    destination: context.destination,
  }).child({
    controller: 'generatorset',
    controllerGroup: 'generatorset.dev',
    controllerKind: 'GeneratorSet',
  });
  const metrics = new Metrics(context.version);
  let elector: LeaseElector | undefined;
  const leads = () => {
    if (!elector) throw new NotLeaderError();
    return elector.fence();
  };
  const fence = options.enableLeaderElection ? { fence: leads } : {};
  const userAgent = `${NAME}/${context.version}`;
  let host = '';
  const cluster = await openCluster({
    ...pick(options, 'kubeconfig', 'context'),
    userAgent,
    log,
    onRequest: (info) => metrics.requested({ ...info, host }),
    ...fence,
  });
  host = new URL(cluster.server).host;
  const namespace = context.env['RUNTIME_NAMESPACE'] || cluster.namespace || DEFAULT_NAMESPACE;
  // Each shard of the sets has a leader and a memory of its own.
  const shard =
    options.watchLabelSelector === undefined
      ? NAME
      : `${NAME}-${sha256(options.watchLabelSelector).slice(-10)}`;
  const shared = { options, context, cluster, ...fence, log, metrics, userAgent, namespace, shard };
  const { parts, closeParts } = openParts(shared);
  const workshop = openWorkshop(shared, parts);
  return {
    log,
    metrics,
    server: cluster.server,
    sets: workshop.sets,
    parts,
    workshop,
    openElector(onStarted) {
      metrics.leads(shard, false);
      elector = new LeaseElector({
        client: cluster.unfenced,
        namespace,
        name: shard,
        identity: createIdentity(),
        leaseDuration: options.leaderElectionLeaseDuration,
        renewDeadline: options.leaderElectionRenewDeadline,
        retryPeriod: options.leaderElectionRetryPeriod,
        clock: systemElectionClock,
        random: Math.random,
        log,
        onStarted(leading) {
          metrics.leads(shard, true);
          onStarted(leading);
        },
        onStopped: () => metrics.leads(shard, false),
      });
      return elector;
    },
    async close() {
      await closeParts();
      await cluster.close();
    },
  };
}

/** What the parts of one controller are made of. */
interface Shared {
  readonly options: ControllerOptions;
  readonly context: ControllerContext;
  readonly cluster: Cluster;
  /** Who pushes to a repository is bound by it as who writes to the cluster is; absent without an election. */
  readonly fence?: Fence;
  readonly log: ControllerLogger;
  readonly metrics: Metrics;
  readonly userAgent: string;
  /** The controller's own. */
  readonly namespace: string;
  readonly shard: string;
}

const monotonic = (): number => performance.now();

function openParts(shared: Shared): { parts: ControllerParts; closeParts(): Promise<void> } {
  const { options, context, cluster, fence, log, metrics, userAgent, namespace, shard } = shared;
  const { client } = cluster;
  const { allowLoopback } = options;
  const apiServer = context.env['KUBERNETES_SERVICE_HOST'];
  const refused = refusedAddresses({ allowLoopback, apiServer });
  const http = createHttpReader({
    allowLoopback,
    refused,
    userAgent,
    log,
  });
  const poster =
    options.eventsAddr === undefined ? undefined : createJsonPoster(options.eventsAddr, { userAgent });
  const watches = createSharedWatches({
    clock: systemWatchClock,
    random: Math.random,
    log,
    metrics: metrics.watch,
  });
  const guard = { allowLoopback, refused };
  const gitOptions = {
    ...{ cacheFolder: cacheFolder(context), allowFile: options.allowFile, guard, log },
    onCommand: (command: string) => {
      if (command === 'push') fence?.();
    },
  };
  const schemas = Object.fromEntries(context.generators.map(({ name, schema }) => [name, schema]));
  const parts: ControllerParts = {
    client,
    ...pick(options, 'defaultServiceAccount'),
    generators: context.generators,
    validate: createSetValidator(schemas, {
      library: createTemplateLibrary(),
      checks: generatorChecks(context.generators),
    }),
    discovery: createDiscovery(client, { now: monotonic }),
    watches,
    http: shareAnswers(limitHosts(http)),
    trees: createTreeReader(gitOptions),
    artifacts: createArtifactReader({ download: http.download, log }),
    gitOptions,
    status: createStatusWriter({ client, log, now: () => new Date() }),
    events: createEventRecorder({
      client,
      reportingController: NAME,
      reportingInstance: hostname(),
      ...(poster && { post: (body, signal) => poster.post(body, signal) }),
      now: () => new Date(),
      random: Math.random,
      log,
      onDropped: () => metrics.eventsDropped(),
    }),
    checkpoint: new Checkpoint({ client, namespace, name: `${shard}-checkpoint`, log }),
    metrics: metrics.passes,
    allowCrossNamespace: !options.noCrossNamespaceRefs,
    clock: { now: Date.now, monotonic },
    random: Math.random,
    ambient: systemAmbient,
    log,
  };
  const closeParts = async (): Promise<void> => {
    await Promise.all([watches.close(), http.close(), poster?.close()]);
  };
  return { parts, closeParts };
}

/** The sets, the line in which they stand, and what is remembered of them. */
function openWorkshop(
  { options, log, metrics, namespace }: Shared,
  parts: ControllerParts,
): Workshop & { sets: ListWatch<StoredSet> } {
  const queue = new WorkQueue({
    metrics: metrics.queue,
    retryDelay: { min: options.minRetryDelay, max: options.maxRetryDelay },
  });
  const runtimes = new SetRuntimes({ monotonic, onDue: (key) => queue.add(key) });
  metrics.beforeReading(() => queue.observe());
  const within = options.watchAllNamespaces ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const sets = new ListWatch<StoredSet>({
    client: parts.client,
    path: `/apis/generatorset.dev/v1alpha1${within}/generatorsets`,
    query: options.watchLabelSelector === undefined ? {} : { labelSelector: options.watchLabelSelector },
    strip: storeSet,
    versionOf: ({ resourceVersion }) => resourceVersion,
    onChange: followSets({ parts, runtimes, queue, metrics }),
    clock: systemWatchClock,
    random: Math.random,
    log,
    metrics: metrics.watch,
  });
  return { sets, runtimes, queue, parts, metrics, concurrency: options.concurrent };
}

/** As on a person's machine: `$XDG_CACHE_HOME`, or the folder for what may be lost. */
function cacheFolder({ env }: ControllerContext): string {
  return join(env['XDG_CACHE_HOME'] || '/tmp', 'generatorset');
}

/** Some fields of an object, without those that are undefined. */
function pick<T extends object, Key extends keyof T>(
  object: T,
  ...keys: Key[]
): { [K in Key]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])),
  ) as never;
}
