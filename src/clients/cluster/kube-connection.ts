import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import { canonicalJson } from '../../lib/json.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Credentials, CredentialsLoader } from './kube-connection-config.ts';
import { createResettingConnector } from './resetting-connector.ts';

/** Milliseconds for which credentials are used before they are read again; files in pods rotate. */
const MAX_AGE = 45_000;
/** Milliseconds between two forced readings: whoever is refused for good must not run a plugin for each request. */
const MIN_FORCED_AGE = 1000;
const CONNECT_TIMEOUT = 10_000;
/** Milliseconds that an idle connection is kept; the API server keeps them for 90 s. */
const KEEP_ALIVE = 30_000;
/** Milliseconds until TCP asks whether a silent peer is still there, below what load balancers allow. */
const PROBE_DELAY = 15_000;

/** How to reach the API server now, and as whom. */
export interface Link {
  readonly origin: string;
  /** What comes before every path; empty, or such as `/k8s/clusters/c-1`. */
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Bounded in connections. */
  readonly requests: Dispatcher;
  /** One connection for each request that wants one. */
  readonly watches: Dispatcher;
}

interface KubeConnectionOptions {
  readonly load: CredentialsLoader;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly maxConnections: number;
}

/** Connections that were made with the same certificates. */
interface Pools {
  readonly key: string;
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
}

/** The connections to one API server; credentials and certificates are followed as they rotate. */
export class KubeConnection {
  readonly #options: KubeConnectionOptions;
  #first: Credentials | undefined;
  #pools: Pools | undefined;
  #retired = new Set<Pools>();
  #link: Link | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #forcedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<Link> | undefined;

  constructor(options: KubeConnectionOptions) {
    this.#options = options;
  }

  /** What was loaded first: the server and the namespace stay. */
  get first(): Credentials {
    if (!this.#first) throw new Error('the connection is not open');
    return this.#first;
  }

  /** The link while its credentials are young enough; else `current` has to be awaited. */
  get young(): Link | undefined {
    return this.#options.now() - this.#loadedAt < MAX_AGE ? this.#link : undefined;
  }

  /** The present link; credentials are read again when they are older than 45 s. */
  async current(): Promise<Link> {
    const { log } = this.#options;
    if (this.young) return this.young;
    if (!this.#link) return this.#reload(true);
    try {
      return await this.#reload(false);
    } catch (error) {
      // Files may be missing for a moment while they rotate; what is really void meets a 401.
      log.warn('cannot read the credentials of the cluster again', { error });
      return this.#link;
    }
  }

  /** A link newer than the one that was refused; the same when there can be no newer one yet. */
  async renew(refused: Link): Promise<Link> {
    if (this.#link && this.#link !== refused) return this.#link;
    if (this.#options.now() - this.#forcedAt < MIN_FORCED_AGE) return refused;
    this.#forcedAt = this.#options.now();
    return this.#reload(true);
  }

  /** Ends all connections at once. */
  async close(): Promise<void> {
    const pools = [...this.#retired, ...(this.#pools ? [this.#pools] : [])];
    this.#retired.clear();
    await Promise.all(pools.flatMap((it) => [it.requests.destroy(), it.watches.destroy()]));
  }

  /** One reading at a time serves all who wait. */
  #reload(fresh: boolean): Promise<Link> {
    this.#loading ??= this.#load(fresh).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(fresh: boolean): Promise<Link> {
    // A reading that fails is not tried again before the next one is due.
    this.#loadedAt = this.#options.now();
    const credentials = await this.#options.load(fresh);
    this.#first ??= credentials;
    if (credentials.server !== this.#first.server) {
      throw new Error(
        `the server of the context has changed from ${this.#first.server}; restart to use the new one`,
      );
    }
    const { requests, watches } = this.#usePools(credentials);
    const { origin, pathname } = new URL(credentials.server);
    const basePath = pathname === '/' ? '' : pathname;
    this.#link = { origin, basePath, headers: credentials.headers, requests, watches };
    return this.#link;
  }

  /** New certificates need new connections; the old ones end with what still goes over them. */
  #usePools(credentials: Credentials): Pools {
    const key = canonicalJson({ ...credentials.tls, proxy: credentials.proxy ?? '' });
    if (this.#pools?.key === key) return this.#pools;
    if (this.#pools) this.#retire(this.#pools);
    const { maxConnections } = this.#options;
    this.#pools = {
      key,
      requests: createDispatcher(credentials, maxConnections),
      watches: createDispatcher(credentials, null),
    };
    return this.#pools;
  }

  #retire(pools: Pools): void {
    this.#retired.add(pools);
    const closed = Promise.allSettled([pools.requests.close(), pools.watches.close()]);
    closed.then(() => this.#retired.delete(pools));
  }
}

function createDispatcher({ server, tls, proxy }: Credentials, connections: number | null): Dispatcher {
  const options = { allowH2: false, connections, keepAliveTimeout: KEEP_ALIVE, pipelining: 1 };
  const connect = { ...tls, keepAliveInitialDelay: PROBE_DELAY, timeout: CONNECT_TIMEOUT };
  if (proxy === undefined) {
    // What is given up must not arrive after all: another may lead by then.
    const resetting = createResettingConnector({ ...connect, allowH2: false });
    return new Pool(new URL(server).origin, { ...options, connect: resetting });
  }
  return new ProxyAgent({ ...options, uri: proxy, requestTls: connect, connectTimeout: CONNECT_TIMEOUT });
}
