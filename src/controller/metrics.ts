import type { Registry } from 'prom-client';
import type { BreakKind } from '../clients/cluster/list-watch-options.ts';
import { createMetricSet, createRegistry, type MetricSet } from './metrics-registry.ts';
import type { SetInfo } from './set-record.ts';
import { type SetName, SetSeries } from './set-series.ts';

/** How a reconciliation ended, in controller-runtime's words. */
export type ReconcileResult = 'success' | 'error' | 'requeue' | 'requeue_after';

/** The name of the controller in all labels. */
const CONTROLLER = 'generatorset';
const LABELS = { controller: CONTROLLER };
const QUEUE = { name: CONTROLLER, controller: CONTROLLER };
/** All ends of a watch. */
const BREAKS: readonly BreakKind[] = [
  ...(['expired', 'rewound', 'forbidden', 'gone', 'transient'] as const),
  ...(['ended', 'silent', 'malformed'] as const),
];

/**
 * Counts what the controller does. Each set has series of its own until `forget`; every other label has few values.
 * Durations are given in milliseconds and exposed in seconds.
 */
export class Metrics {
  readonly registry: Registry;
  readonly #set: MetricSet;
  readonly #sets = new SetSeries();
  readonly #observers: (() => void)[] = [];

  constructor(version = 'unknown') {
    this.registry = createRegistry();
    this.#set = createMetricSet(this.registry);
    // A series that begins with its first failure hides it from `rate`.
    for (const result of ['success', 'error', 'requeue', 'requeue_after'])
      this.#set.reconciles.inc({ ...LABELS, result }, 0);
    this.#set.reconcileErrors.inc(LABELS, 0);
    for (const kind of BREAKS) this.#set.watchBreaks.inc({ kind }, 0);
    this.#set.cacheMisses.inc(0);
    this.#set.eventsDropped.inc(0);
    this.#set.build.set({ version }, 1);
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
  reconciled(set: SetName, result: ReconcileResult, duration: number): void {
    const seconds = duration / 1000;
    this.#sets.observe(set, seconds);
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

  /** What passes over a set tell, on top of its state. */
  get passes(): Pick<SetSeries, 'setGenerators' | 'ran' | 'setTuned' | 'passed'> {
    return this.#sets;
  }

  /** The state of a set, in place of what was said of it before. Only a set that was described has series. */
  describe(set: SetName, info: SetInfo): void {
    this.#sets.describe(set, info);
  }

  /** The set is gone, and all its series with it. */
  forget(set: SetName): void {
    this.#sets.forget(set);
  }
}
