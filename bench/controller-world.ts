import { inParallel } from '../src/apply/in-parallel.ts';
import type { ClusterClient } from '../src/clients/cluster/cluster-client.ts';
import { ListWatch } from '../src/clients/cluster/list-watch.ts';
import { type Cluster, openCluster } from '../src/clients/cluster/open-cluster.ts';
import { systemWatchClock } from '../src/clients/cluster/watch-clock.ts';
import type { JsonObject } from '../src/lib/json.ts';
import { silentLogger } from '../src/lib/logger.ts';
import { createNamespace, establishCrd, waitFor } from '../test/components/cluster-objects.ts';
import { type KubeApiserver, startKubeApiserver } from '../test/components/kube-apiserver.ts';
import { type ClusterSet, clusterSet, conditionOf, GENERATORSET_CRD } from '../test/harness/cluster-sets.ts';

const SETS = '/apis/generatorset.dev/v1alpha1/generatorsets';
/** Sets that are written at once. */
const WRITERS = 16;

/** What is seen of a set. */
interface Seen {
  readonly version: string;
  readonly isReady: boolean;
  readonly handled: string | undefined;
}

/** How many sets of which shape. */
export interface SetShape {
  readonly count: number;
  /** Elements of each, and so ConfigMaps. */
  readonly elements: number;
  readonly namespaces: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** A real API server with GeneratorSets, and who looks at them. */
export class ControllerWorld {
  readonly server: KubeApiserver;
  readonly client: ClusterClient;
  readonly #cluster: Cluster;
  readonly #sets: ListWatch<Seen>;
  readonly #ready = new Set<string>();
  readonly #end = new AbortController();
  readonly #watching: Promise<void>;

  constructor(server: KubeApiserver, cluster: Cluster) {
    this.server = server;
    this.client = cluster.client;
    this.#cluster = cluster;
    this.#sets = new ListWatch<Seen>({
      client: cluster.client,
      path: SETS,
      strip: see,
      versionOf: ({ version }) => version,
      onChange: (key, _, after) => (after?.isReady ? this.#ready.add(key) : this.#ready.delete(key)),
      clock: systemWatchClock,
      random: Math.random,
      log: silentLogger,
    });
    this.#watching = this.#sets.run(this.#end.signal);
  }

  /** Namespaces of their own, so many. */
  async createNamespaces(count: number): Promise<string[]> {
    const names: string[] = [];
    while (names.length < count) names.push(await createNamespace(this.server));
    return names;
  }

  /** Writes sets that are due once a day. */
  async createSets({ count, elements, namespaces, labels = {} }: SetShape): Promise<void> {
    const signal = new AbortController().signal;
    const numbers = Array.from({ length: count }, (_, index) => index);
    await inParallel(numbers, WRITERS, async (number) => {
      const namespace = namespaces[number % namespaces.length] as string;
      const names = Array.from({ length: elements }, (_, index) => `s${number}-${index}`);
      const set = clusterSet(namespace, names, { name: `s${number}`, spec: { interval: '24h' } });
      const body = { ...set, metadata: { ...set.metadata, labels } } as unknown as JsonObject;
      const path = SETS.replace('generatorsets', `namespaces/${namespace}/generatorsets`);
      await this.client.request({ method: 'POST', path, body }, signal);
    });
  }

  /** Waits until so many sets are ready. */
  async waitForReady(count: number, timeout: number): Promise<void> {
    await waitFor(`${count} sets to be ready`, async () => this.#ready.size >= count, timeout);
  }

  /** The last request for a pass that a set has followed. */
  handled(key: string): string | undefined {
    return this.#sets.get(key)?.handled;
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#watching;
    await this.#cluster.close();
    await this.server.close();
  }
}

/** Starts an API server that knows GeneratorSets. */
export async function openControllerWorld(): Promise<ControllerWorld> {
  const server = await startKubeApiserver();
  await establishCrd(server, GENERATORSET_CRD);
  // Where the controller keeps its last runs.
  await server.request('POST', '/api/v1/namespaces', { metadata: { name: 'flux-system' } });
  const cluster = await openCluster({ kubeconfig: server.kubeconfig, userAgent: 'bench', log: silentLogger });
  return new ControllerWorld(server, cluster);
}

function see(object: JsonObject): Seen {
  const set = object as unknown as ClusterSet;
  return {
    version: String(set.metadata['resourceVersion']),
    isReady: conditionOf(set, 'Ready')?.status === 'True',
    handled: set.status?.lastHandledReconcileAt,
  };
}
