import { Counter, collectDefaultMetrics, exponentialBuckets, Gauge, Histogram, Registry } from 'prom-client';

/** client-go's buckets for work queues, in seconds: from 10 ns to 10 s. */
const QUEUE_BUCKETS = exponentialBuckets(10e-9, 10, 10);

/** controller-runtime's buckets, in seconds. */
const RECONCILE_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
  1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];

/** Of Node's own metrics these are kept; the others tell nothing that people would act on. */
const KEPT = /^(process_|nodejs_eventloop_lag_(seconds|max_seconds|p99_seconds)$|nodejs_version_info$)/;

/** The metrics of the controller but those that each set has, by the names that Flux's and controller-runtime's dashboards ask for. */
export function createMetricSet(registry: Registry) {
  const registers = [registry];
  const controller = ['controller'] as const;
  const queue = ['name', 'controller'] as const;
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter<Label>({ name, help, labelNames: [...labelNames], registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge<Label>({ name, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    { labelNames, buckets }: { labelNames: readonly Label[]; buckets: number[] },
  ) => new Histogram<Label>({ name, help, labelNames: [...labelNames], buckets, registers });
  return {
    reconciles: counter('controller_runtime_reconcile_total', 'Reconciliations by their result.', [
      'controller',
      'result',
    ]),
    reconcileErrors: counter(
      'controller_runtime_reconcile_errors_total',
      'Failed reconciliations.',
      controller,
    ),
    reconcileTime: histogram('controller_runtime_reconcile_time_seconds', 'Length of a reconciliation.', {
      labelNames: controller,
      buckets: RECONCILE_BUCKETS,
    }),
    maxWorkers: gauge(
      'controller_runtime_max_concurrent_reconciles',
      'The most reconciliations at once.',
      controller,
    ),
    activeWorkers: gauge('controller_runtime_active_workers', 'Reconciliations under way.', controller),
    queueDepth: gauge('workqueue_depth', 'Sets in line.', queue),
    queueAdds: counter('workqueue_adds_total', 'Sets put in line.', queue),
    queueLatency: histogram('workqueue_queue_duration_seconds', 'How long sets stand in line.', {
      labelNames: queue,
      buckets: QUEUE_BUCKETS,
    }),
    queueWork: histogram('workqueue_work_duration_seconds', 'How long the work on a set takes.', {
      labelNames: queue,
      buckets: QUEUE_BUCKETS,
    }),
    queueUnfinished: gauge('workqueue_unfinished_work_seconds', 'Age of all work under way.', queue),
    queueLongest: gauge(
      'workqueue_longest_running_processor_seconds',
      'Age of the oldest work under way.',
      queue,
    ),
    queueRetries: counter('workqueue_retries_total', 'Sets put in line again after a failure.', queue),
    requests: counter('rest_client_requests_total', 'Requests to the API server.', [
      'code',
      'method',
      'host',
    ]),
    leader: gauge('leader_election_master_status', '1 in the process that leads.', ['name']),
    cacheMisses: counter(
      'generatorset_watch_cache_misses_total',
      'Changes that no watch told of; more than 0 is a defect.',
      [],
    ),
    watchBreaks: counter('generatorset_watch_breaks_total', 'Ends of watches, by their kind.', ['kind']),
    relists: counter('generatorset_watch_relists_total', 'Lists made again for a watch.', []),
    listenerFailures: counter(
      'generatorset_watch_listener_failures_total',
      'Failed reactions to changes.',
      [],
    ),
    eventsDropped: counter('generatorset_events_dropped_total', 'Events that a receiver did not get.', []),
    build: gauge('generatorset_build_info', 'The version of the controller, always 1.', ['version']),
  };
}

export type MetricSet = ReturnType<typeof createMetricSet>;

/** A registry with what is worth knowing of the process. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (!KEPT.test(name)) registry.removeSingleMetric(name);
  }
  return registry;
}
