import type { ApplyTargetSpec, Guard } from '../../src/api/generatorset-schema.ts';
import type { Resource } from '../../src/api/resource.ts';
import { AppliedObjects } from '../../src/apply/applied-objects.ts';
import { createApplyTarget } from '../../src/apply/apply-target.ts';
import type { ApplyContext } from '../../src/apply/decide.ts';
import { trackObjects } from '../../src/apply/track-objects.ts';
import type { ApiRequest, ClusterClient, ServiceAccount } from '../../src/clients/cluster/cluster-client.ts';
import { createDiscovery } from '../../src/clients/cluster/discovery.ts';
import { type Cluster, openCluster } from '../../src/clients/cluster/open-cluster.ts';
import type { WatchedObject } from '../../src/clients/cluster/shared-watches.ts';
import { systemWatchClock } from '../../src/clients/cluster/watch-clock.ts';
import { createSharedWatches } from '../../src/clients/cluster/watch-sharing.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { toDesiredObjects } from '../../src/plan/desired-file.ts';
import { makePlan } from '../../src/plan/guard.ts';
import { nextState } from '../../src/plan/next-state.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { State } from '../../src/plan/state.ts';
import type { StateKeeper } from '../../src/plan/target.ts';
import { DEFAULT_GUARD } from '../harness/default-guard.ts';
import { rendered } from '../harness/plan.ts';
import type { KubeApiserver } from './kube-apiserver.ts';

/** Default values of the spec, as the schema gives them. */
export const SPEC: ApplyTargetSpec = { prune: true, force: false, wait: false, timeout: '5m' };

const CONFIG_MAPS = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: [],
};

/** What one pass is about. */
export interface PassOptions {
  readonly spec?: Partial<ApplyTargetSpec>;
  readonly force?: boolean;
  readonly guard?: Guard;
}

/** What a pass came to. */
export interface PassOutcome {
  readonly plan: Plan;
  readonly delivered: boolean;
  /** Ids of what was applied and stayed as it was. */
  readonly unchanged?: readonly string[];
  readonly revision?: string;
  /** What delivering or settling threw. */
  readonly error?: Error;
}

/** A keeper that keeps in memory, and counts. */
export class MemoryKeeper implements StateKeeper {
  state: State | undefined;
  readonly intended: State[] = [];
  kept = 0;

  async intend(state: State): Promise<void> {
    this.intended.push(state);
    this.state = state;
  }

  keep(state: State): void {
    this.kept++;
    this.state = state;
  }
}

/** One set that is applied to a real API server, pass by pass, as the controller does it. */
export class ApplyWorld {
  readonly set: { readonly namespace: string; readonly name: string };
  readonly keeper = new MemoryKeeper();
  /** Ids that were reported as drift. */
  readonly drifted: string[] = [];
  applied: AppliedObjects;
  clock = 0;
  readonly #cluster: Cluster;
  #access: Pick<ApplyContext, 'client' | 'discovery' | 'watches'>;

  constructor(cluster: Cluster, set: { namespace: string; name: string }, account?: ServiceAccount) {
    this.#cluster = cluster;
    this.set = set;
    this.applied = this.#remember();
    const client = account ? cluster.client.as(account) : cluster.client;
    const now = () => performance.now();
    const watches = createSharedWatches({ clock: systemWatchClock, random: Math.random, log: silentLogger });
    this.#access = { client, discovery: createDiscovery(cluster.client, { now }), watches };
  }

  /** What functions of the apply step need beside their own arguments. */
  get context(): ApplyContext {
    const { set, applied } = this;
    return { ...this.#access, set, applied, now: () => this.clock, signal: AbortSignal.timeout(60_000) };
  }

  /** A process that knows nothing but what was kept. */
  restart(): void {
    this.applied.release();
    this.applied = this.#remember();
  }

  /** One pass; what it throws is in the outcome. */
  async pass(resources: readonly Resource[], options: PassOptions = {}): Promise<PassOutcome> {
    const { signal } = this.context;
    const spec = { ...SPEC, ...options.spec };
    const force = options.force ?? false;
    const target = createApplyTarget({ ...this.context, spec, keeper: this.keeper, force });
    const desired = toDesiredObjects(resources.map((resource) => rendered(resource)));
    const previous = await target.read(signal);
    const compared = await target.compare?.(desired, previous, { keep: () => undefined, signal });
    if (!compared) throw new Error('the target compares nothing');
    const now = new Date();
    const plan = makePlan(compared.changes, previous.state, { guard: options.guard ?? DEFAULT_GUARD, now });
    const { revision } = previous;
    if (plan.held) return { plan, delivered: false };
    try {
      if (!compared.isReal) {
        await target.settle?.(signal);
        return { plan, delivered: false, ...(revision !== undefined && { revision }) };
      }
      const next = nextState(plan, { desired }, previous.state, now);
      const delivered = await target.deliver({ plan, next, previous, message: '' }, signal);
      await target.settle?.(signal);
      return { plan, delivered: true, ...delivered };
    } catch (error) {
      return { plan, delivered: false, error: error as Error };
    }
  }

  /** Watches what the inventory names, as a controller does that has begun. */
  track(): Promise<void> {
    return trackObjects(this.keeper.state, this.context);
  }

  /** What the watch shows of an object. */
  seen({ metadata }: Resource): WatchedObject | undefined {
    const found = this.applied.find({
      kind: CONFIG_MAPS,
      namespace: this.set.namespace,
      name: metadata.name,
    });
    return found === 'unknown' ? undefined : found;
  }

  /** Names of the inventory, sorted. */
  inventory(): string[] {
    return (this.keeper.state?.inventory ?? []).map(({ id }) => id.split('_')[1] ?? id).sort();
  }

  /** Does something while deletions of a kind are refused. */
  async withoutDeletes<Result>(plural: string, action: () => Promise<Result>): Promise<Result> {
    const isRefused = ({ method, path }: ApiRequest) => method === 'DELETE' && path.includes(`/${plural}/`);
    return this.#meddle(async (request) => {
      if (isRefused(request)) throw new Error('refused by the test');
    }, action);
  }

  /** Does something; before the first deletion, something else happens. */
  async beforeDeletes<Result>(what: () => Promise<void>, action: () => Promise<Result>): Promise<Result> {
    let happened: Promise<void> | undefined;
    return this.#meddle(async ({ method }) => {
      if (method !== 'DELETE') return;
      happened ??= what();
      await happened;
    }, action);
  }

  async #meddle<Result>(
    before: (request: ApiRequest) => Promise<void>,
    action: () => Promise<Result>,
  ): Promise<Result> {
    const access = this.#access;
    const { client } = access;
    const request: ClusterClient['request'] = async (what, signal) => {
      await before(what);
      return client.request(what, signal);
    };
    const meddled = {
      user: client.user,
      request,
      stream: client.stream.bind(client),
      as: client.as.bind(client),
    };
    this.#access = { ...access, client: meddled };
    try {
      return await action();
    } finally {
      this.#access = access;
    }
  }

  /** Ends its watches; the connections stay. */
  async release(): Promise<void> {
    this.applied.release();
    await this.#access.watches.close();
  }

  async close(): Promise<void> {
    await this.release();
    await this.#cluster.close();
  }

  #remember(): AppliedObjects {
    return new AppliedObjects({ onDrift: (ids) => this.drifted.push(...ids) });
  }
}

/** A ConfigMap of the set, with its labels as rendering puts them on. */
export function configMap(
  { set }: ApplyWorld,
  name: string,
  fields: { readonly data?: Record<string, string>; readonly annotations?: Record<string, string> } = {},
): Resource {
  const { data = {}, annotations } = fields;
  return owned(set, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: set.namespace, ...(annotations && { annotations }) },
    data,
  });
}

/** A resource with the labels of a set. */
export function owned(set: { namespace: string; name: string }, resource: Resource): Resource {
  const labels = { 'generatorset.dev/name': set.name, 'generatorset.dev/namespace': set.namespace };
  return { ...resource, metadata: { ...resource.metadata, labels } };
}

/** Requests about objects of this set's namespace since a mark, watches and lists left out. */
export async function requestsSince(
  server: KubeApiserver,
  world: ApplyWorld,
  mark: number,
): Promise<string[]> {
  const events = await server.audit(mark);
  return events
    .filter(
      ({ objectRef, verb }) =>
        objectRef?.namespace === world.set.namespace && !['watch', 'list'].includes(verb),
    )
    .map(({ verb, objectRef }) => `${verb} ${objectRef?.name}`);
}

/** Opens a set of this name in this namespace; its requests go as the account where one is given. */
export async function openApplyWorld(
  server: KubeApiserver,
  set: { readonly namespace: string; readonly name: string },
  account?: ServiceAccount,
): Promise<ApplyWorld> {
  return new ApplyWorld(await openLeaderCluster(server), set, account);
}

/** A cluster that writes as a leader does. */
export function openLeaderCluster(server: KubeApiserver): Promise<Cluster> {
  return openCluster({
    kubeconfig: server.kubeconfig,
    userAgent: 'generatorset-test',
    log: silentLogger,
    fence: () => 60_000,
  });
}

/** Actions of a plan by the names of its resources. */
export function actionsOf({ plan }: PassOutcome): Record<string, string> {
  return Object.fromEntries(plan.changes.map(({ id, action }) => [id.split('_')[1] ?? id, action]));
}
