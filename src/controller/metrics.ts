import type { Registry } from 'prom-client';
import { createMetricSet, createRegistry, type MetricSet } from './metrics-registry.ts';
import { SetSeries } from './set-series.ts';

/** A set, as labels name it. */
export interface SetName {
  readonly namespace: string;
  readonly name: string;
}

/** How a reconciliation ended, in controller-runtime's words. */
export type ReconcileResult = 'success' | 'error' | 'requeue' | 'requeue_after';

/** What `generatorset_resource_info` says of a set. */
export interface SetInfo {
  /** Status of the Ready condition; empty: there is none yet. */
  readonly ready: string;
  readonly reason: string;
  readonly suspended: boolean;
  readonly revision: string;
}

/** The name of the controller in all labels. */
const CONTROLLER = 'generatorset';
const KIND = 'GeneratorSet';
const LABELS = { controller: CONTROLLER };
const QUEUE = { name: CONTROLLER, controller: CONTROLLER };

/** Characters of a label's value. */
const MAX_LABEL = 128;

/**
 * Counts what the controller does. Each set has series of its own until `forget`; every other label has few values.
 * Durations are given in milliseconds and exposed in seconds.
 */
export class Metrics {
  readonly registry: Registry;
  readonly #set: MetricSet;
  readonly #sets = new SetSeries();
  readonly #observers: (() => void)[] = [];

  constructor() {
    this.registry = createRegistry();
    this.#set = createMetricSet(this.registry);
    // A series that begins with its first failure hides it from `rate`.
    for (const result of ['success', 'error', 'requeue', 'requeue_after'])
      this.#set.reconciles.inc({ ...LABELS, result }, 0);
    this.#set.reconcileErrors.inc(LABELS, 0);
    this.#set.cacheMisses.inc(0);
    this.#set.eventsDropped.inc(0);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The text that Prometheus reads. */
  async *metrics(): AsyncIterable<string> {
    for (const observe of this.#observers) observe();
    yield await this.registry.metrics();
    yield* this.#sets.parts();
  }

  /** Called before each reading, for what changes by time alone. */
  beforeReading(observe: () => void): void {
    this.#observers.push(observe);
  }

  /** A reconciliation of a set has ended after so many milliseconds. */
  reconciled({ namespace, name }: SetName, result: ReconcileResult, duration: number): void {
    const seconds = duration / 1000;
    this.#sets.observe(`${namespace}/${name}`, { kind: KIND, name, namespace }, seconds);
    this.#set.reconcileTime.observe(LABELS, seconds);
    this.#set.reconciles.inc({ ...LABELS, result });
    if (result === 'error') this.#set.reconcileErrors.inc(LABELS);
  }

  /** How many sets may be worked on at once, and how many are. */
  workers({ active, max }: { readonly active: number; readonly max: number }): void {
    this.#set.activeWorkers.set(LABELS, active);
    this.#set.maxWorkers.set(LABELS, max);
  }

  /** What a work queue tells of itself; durations in seconds, as client-go's hooks have them. */
  readonly queue = {
    added: (): void => this.#set.queueAdds.inc(QUEUE),
    depth: (count: number): void => this.#set.queueDepth.set(QUEUE, count),
    latency: (seconds: number): void => this.#set.queueLatency.observe(QUEUE, seconds),
    workDuration: (seconds: number): void => this.#set.queueWork.observe(QUEUE, seconds),
    retried: (): void => this.#set.queueRetries.inc(QUEUE),
    unfinished: (seconds: number): void => this.#set.queueUnfinished.set(QUEUE, seconds),
    longestRunning: (seconds: number): void => this.#set.queueLongest.set(QUEUE, seconds),
  };

  /** What watches tell of themselves. */
  readonly watch = {
    broken: (kind: string): void => this.#set.watchBreaks.inc({ kind }),
    relisted: (): void => this.#set.relists.inc(),
    cacheMiss: (count: number): void => this.#set.cacheMisses.inc(count),
    listenerFailed: (): void => this.#set.listenerFailures.inc(),
  };

  /** One exchange with the API server; `host` with its port. */
  requested({ method, code, host }: { method: string; code: number | string; host: string }): void {
    this.#set.requests.inc({ method, code: String(code), host });
  }

  /** Whether this process leads, by the Lease of that name. */
  leads(name: string, isLeader: boolean): void {
    this.#set.leader.set({ name }, isLeader ? 1 : 0);
  }

  /** So many events could not be sent. */
  eventsDropped(count = 1): void {
    this.#set.eventsDropped.inc(count);
  }

  /** The state of a set, in place of what was said of it before. */
  describe({ namespace, name }: SetName, { ready, reason, suspended, revision }: SetInfo): void {
    this.#sets.describe(`${namespace}/${name}`, {
      name,
      exported_namespace: namespace,
      ready,
      reason: reason.slice(0, MAX_LABEL),
      suspended: String(suspended),
      revision: revision.slice(0, MAX_LABEL),
    });
  }

  /** The set is gone, and all its series with it. */
  forget({ namespace, name }: SetName): void {
    this.#sets.forget(`${namespace}/${name}`);
  }
}
