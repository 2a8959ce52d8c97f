import type { Logger } from '../../lib/logger.ts';
import type { ClusterClient, Fence } from './cluster-client.ts';
import { type ClientClock, Gates } from './cluster-client-gate.ts';
import { HttpClusterClient, type RequestInfo } from './http-cluster-client.ts';
import { KubeConnection } from './kube-connection.ts';
import { createCredentialsLoader } from './kube-connection-config.ts';
import type { ConnectionOverrides } from './kube-connection-overrides.ts';

const MAX_CONNECTIONS = 32;

/** Which cluster is meant, and what goes with each request to it. */
export interface ClusterOptions {
  /** Path of a kubeconfig; default $KUBECONFIG, ~/.kube/config or the service account of the pod. */
  readonly kubeconfig?: string;
  /** A context of the kubeconfig; default its current one. */
  readonly context?: string;
  /** What stands in place of what the kubeconfig says. */
  readonly overrides?: ConnectionOverrides;
  readonly userAgent: string;
  readonly log: Logger;
  /** Asked right before every write. */
  readonly fence?: Fence;
  /** Told of every exchange with the server, also of those that are tried again. */
  onRequest?(info: RequestInfo): void;
  /** Connections for requests, beside those of watches; default 32. */
  readonly maxConnections?: number;
  /** Default the machine's. */
  readonly clock?: ClientClock;
  /** In place of the folder where a pod finds its account. */
  readonly accountFolder?: string;
}

/** An API server that was configured; nothing has been asked of it yet. */
export interface Cluster {
  readonly client: ClusterClient;
  /** The same without the fence, on connections of its own: for the Lease that decides who leads. */
  readonly unfenced: ClusterClient;
  /** Its origin, for logs. */
  readonly server: string;
  /** The namespace of the context, or of the pod. */
  readonly namespace?: string;
  close(): Promise<void>;
}

/** Finds the configuration of a cluster and makes a client of it. Throws one sentence that names file and context. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { userAgent, log, fence, kubeconfig, context, accountFolder, clock = systemClock } = options;
  const load = createCredentialsLoader({
    environment: process.env,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(options.overrides && { overrides: options.overrides }),
    ...(accountFolder !== undefined && { accountFolder }),
  });
  const maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  const connection = new KubeConnection({ load, log, now: clock.now, maxConnections });
  const { origin } = await connection.current();
  const { namespace } = connection.first;
  const onRequest = options.onRequest?.bind(options);
  const shared = {
    connection,
    gates: new Gates(clock),
    clock,
    userAgent,
    log,
    ...(onRequest && { onRequest }),
  };
  return {
    client: new HttpClusterClient({ ...shared, lane: 'requests', ...(fence && { fence }) }),
    // Others who are asked for patience must not keep a leader from renewing its Lease.
    unfenced: new HttpClusterClient({ ...shared, gates: new Gates(clock), lane: 'watches' }),
    server: origin,
    ...(namespace !== undefined && { namespace }),
    close: () => connection.close(),
  };
}

const systemClock: ClientClock = { now: () => performance.now(), random: () => Math.random() };
