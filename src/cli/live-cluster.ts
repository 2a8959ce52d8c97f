import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { ObjectReader } from '../api/readers.ts';
import type { ValidateSet } from '../api/validate-set.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { Discovery } from '../clients/cluster/discovery.ts';
import type { StoredLoadedSet } from '../controller/load-stored-set.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Logger } from '../lib/logger.ts';
import type { State } from '../plan/state.ts';
import type { Target } from '../plan/target.ts';
import { chooseCluster } from './choose-cluster.ts';
import type { SetName } from './cluster/stored-sets.ts';
import type { CommandContext } from './command-context.ts';
import type { LiveOptions } from './live-options.ts';
import { createReadOnlyClient } from './read-only-client.ts';

/** A cluster that is read and never written; it is opened by the first who asks. */
export interface LiveCluster {
  /** Objects for generators, with the rights of the user. */
  readonly objects: ObjectReader;
  /** The set as the API server has it, with its status. Throws for one that is not there, naming the closest. */
  readSet(name: SetName, validate: ValidateSet, signal: AbortSignal): Promise<StoredLoadedSet>;
  /** Compares what a set would apply with the cluster, and never applies it. */
  openTarget(set: GeneratorSet, signal: AbortSignal): Promise<Target>;
  close(): Promise<void>;
}

interface Opened {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly reader: ObjectReader;
  readonly server: string;
  close(): Promise<void>;
}

/** The cluster that the options choose. Nothing is loaded or asked before it is needed. */
export function createLiveCluster(context: CommandContext, options: LiveOptions, log: Logger): LiveCluster {
  let opening: Promise<Opened> | undefined;
  const open = (): Promise<Opened> => {
    opening ??= openWith(context, options, log);
    return opening;
  };
  const stored = new Map<string, Promise<JsonObject>>();
  /** Asked once: a plan belongs to one status. */
  function findSet(name: SetName, signal: AbortSignal): Promise<JsonObject> {
    const key = `${name.namespace}/${name.name}`;
    const asked = stored.get(key) ?? askForSet(name, signal);
    stored.set(key, asked);
    return asked;
  }
  async function askForSet(name: SetName, signal: AbortSignal): Promise<JsonObject> {
    const { readSet } = await import('./cluster/stored-sets.ts');
    return readSet({ client: (await open()).client, program: context.program, signal }, name);
  }
  /** A set of a file may be in no cluster yet, or in one that does not know the kind. */
  async function recall(name: SetName, signal: AbortSignal): Promise<State | undefined> {
    const { isNotFound } = await import('../clients/cluster/api-error.ts');
    try {
      return await readState(await open(), await findSet(name, signal), { log, signal });
    } catch (error) {
      if (isNotFound((error as Error).cause)) return undefined;
      throw error;
    }
  }
  return {
    objects: {
      get: async (ref, signal) => (await open()).reader.get(ref, signal),
      list: async (ref, signal) => (await open()).reader.list(ref, signal),
    },
    async readSet(name, validate, signal) {
      const object = await findSet(name, signal);
      const { loadStoredSet } = await import('../controller/load-stored-set.ts');
      const { storeSet } = await import('../controller/stored-set.ts');
      const loaded = loadStoredSet(storeSet(object), validate);
      if ('error' in loaded) throw loaded.error;
      return loaded;
    },
    async openTarget(set, _signal) {
      const opened = await open();
      const { createPreviewTarget } = await import('../apply/preview-target.ts');
      const { APPLY_DEFAULTS } = await import('../controller/cluster-world.ts');
      const { namespace, name } = set.metadata;
      return createPreviewTarget({
        client: opened.client,
        discovery: opened.discovery,
        set: { namespace, name },
        spec: set.spec.target?.apply ?? APPLY_DEFAULTS,
        description: `the cluster ${opened.server}, as ${opened.client.user}`,
        readState: (signal) => recall({ namespace, name }, signal),
        now: () => performance.now(),
      });
    },
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}

async function openWith(context: CommandContext, options: LiveOptions, log: Logger): Promise<Opened> {
  const cluster = await chooseCluster(context, options, log);
  const { createDiscovery } = await import('../clients/cluster/discovery.ts');
  const { createClusterReader } = await import('../clients/cluster/cluster-reader.ts');
  const client = createReadOnlyClient(cluster.client, options.as ?? 'the user of the kubeconfig');
  const discovery = createDiscovery(client, { now: () => performance.now() });
  const reader = createClusterReader({ client, discovery });
  return { client, discovery, reader, server: cluster.server, close: () => cluster.close() };
}

/** What the set remembers, from its status and the shards of it. */
async function readState(
  { client }: Opened,
  object: JsonObject,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<State | undefined> {
  const [{ readMetadata }, { readStatus }, { loadState }] = await Promise.all([
    import('../status/set-identity.ts'),
    import('../status/read-status.ts'),
    import('../status/state-store.ts'),
  ]);
  const known = { inventory: new Map(), decisions: new Map() };
  return loadState({ client, set: readMetadata(object), known, log }, readStatus(object['status']), signal);
}
