import type { Panel, Query } from './grafana-panel.ts';

/** A titled group of panels. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The sets that are chosen above the dashboard. */
const CHOSEN = 'exported_namespace=~"$namespace",name=~"$set"';
/** Each replica of the controller tells of each set. */
const ONCE = 'max by (exported_namespace, name)';
const GENERATOR = 'exported_namespace, name, generator, type';
const TUNED = 'exported_namespace, name, element, tune';
const GENERATOR_NAME = '{{exported_namespace}}/{{name}} {{generator}} ({{type}})';
const SET_NAME = '{{exported_namespace}}/{{name}}';

function stat(title: string, description: string, expr: string, more: Partial<Panel> = {}): Panel {
  return { ...{ title, description, type: 'stat', queries: [{ expr }], width: 4, height: 4 }, ...more };
}

function graph(
  title: string,
  description: string,
  queries: readonly Query[],
  more: Partial<Panel> = {},
): Panel {
  return { ...{ title, description, type: 'timeseries', queries, width: 12, height: 8 }, ...more };
}

function table(title: string, description: string, expr: string, more: Partial<Panel> = {}): Panel {
  return { ...{ title, description, type: 'table', queries: [{ expr }], width: 12, height: 8 }, ...more };
}

/** How many sets have such a series. */
function countSets(series: string): string {
  return `count(${ONCE} (${series})) or vector(0)`;
}

const OVERVIEW: Row = {
  title: 'Overview',
  panels: [
    stat('GeneratorSets', 'All that are chosen.', countSets(`generatorset_resource_info{${CHOSEN}}`)),
    stat(
      'Not ready',
      'What they want has not been delivered.',
      countSets(`generatorset_resource_info{${CHOSEN},ready!="True",suspended="false"}`),
      { bad: 1 },
    ),
    stat('Stalled', 'Only a changed spec helps.', countSets(`generatorset_stalled{${CHOSEN}}`), { bad: 1 }),
    stat('Held', 'They wait for somebody.', countSets(`generatorset_held_timestamp_seconds{${CHOSEN}}`), {
      bad: 1,
    }),
    stat(
      'Suspended',
      'They stay as they are.',
      countSets(`generatorset_resource_info{${CHOSEN},suspended="true"}`),
    ),
    stat('Elements', 'Of all chosen sets.', `sum(${ONCE} (generatorset_elements{${CHOSEN}})) or vector(0)`),
    table(
      'Sets that are not ready',
      'The reason is that of the Ready condition.',
      `max by (exported_namespace, name, ready, reason, revision) (generatorset_resource_info{${CHOSEN},ready!="True",suspended="false"})`,
    ),
    table(
      'Sets that hold something',
      'The Held condition says how it is released.',
      `max by (exported_namespace, name, reason) (generatorset_held_timestamp_seconds{${CHOSEN}})`,
    ),
  ],
};

/** A value and beside it what is held back. */
function tunedQueries(unit: string): Query[] {
  const chosen = `${CHOSEN},unit="${unit}"`;
  return [
    {
      expr: `max by (${TUNED}) (generatorset_tuned_value{${chosen}})`,
      legend: '{{name}} {{element}} {{tune}}',
    },
    {
      expr: `max by (${TUNED}) (generatorset_tuned_proposed_value{${chosen}})`,
      legend: '{{name}} {{element}} {{tune}} (held)',
    },
  ];
}

const DECISIONS: Row = {
  title: 'Tuned values and what is held',
  panels: [
    graph('Tuned memory', 'What stands, and what is held back.', tunedQueries('bytes'), {
      ...{ unit: 'bytes', isStepped: true },
    }),
    graph('Tuned cores', 'What stands, and what is held back.', tunedQueries('cores'), { isStepped: true }),
    graph('Tuned numbers', 'What stands, and what is held back.', tunedQueries('none'), { isStepped: true }),
    graph(
      'Held for',
      'Since when anything of a set is held.',
      [
        {
          expr: `time() - max by (exported_namespace, name, reason) (generatorset_held_timestamp_seconds{${CHOSEN}})`,
          legend: `${SET_NAME} {{reason}}`,
        },
      ],
      { unit: 's' },
    ),
    graph(
      'Held elements and tuned values',
      'As far as the status lists them.',
      [
        { expr: `${ONCE} (generatorset_held_elements{${CHOSEN}})`, legend: `${SET_NAME} elements` },
        { expr: `${ONCE} (generatorset_held_changes{${CHOSEN}})`, legend: `${SET_NAME} tuned values` },
      ],
      { isStepped: true },
    ),
    table(
      'Tuned values at their bounds',
      'What is measured asks for more, or for less, than the rules allow.',
      `max by (${TUNED}, bound) (generatorset_tuned_at_bound{${CHOSEN}})`,
      { width: 8 },
    ),
    stat(
      'Tuned values without a series',
      'More than a set, or all of them together, may have.',
      `sum(${ONCE} (generatorset_tuned_values_omitted{${CHOSEN}})) or vector(0)`,
      { bad: 1, height: 8 },
    ),
  ],
};

const AGE = `time() - max by (${GENERATOR}) (generatorset_generator_last_success_timestamp_seconds{${CHOSEN}})`;

const GENERATORS: Row = {
  title: 'Generators',
  panels: [
    {
      ...{ title: 'Answers', description: 'Whether each generator answered when it was asked last.' },
      ...{ type: 'state-timeline', width: 24, height: 8, max: 1 },
      queries: [
        { expr: `min by (${GENERATOR}) (generatorset_generator_healthy{${CHOSEN}})`, legend: GENERATOR_NAME },
      ],
    },
    graph(
      'Age of the last good data',
      'Since each generator answered last.',
      [{ expr: AGE, legend: GENERATOR_NAME }],
      {
        unit: 's',
      },
    ),
    graph('Age in intervals', 'More than 3 is an alert.', [
      {
        expr: `(${AGE}) / max by (${GENERATOR}) (generatorset_generator_interval_seconds{${CHOSEN}})`,
        legend: GENERATOR_NAME,
      },
    ]),
    graph(
      'Length of the last query',
      'How long each generator took.',
      [
        {
          expr: `max by (${GENERATOR}) (generatorset_generator_duration_seconds{${CHOSEN}})`,
          legend: GENERATOR_NAME,
        },
      ],
      { unit: 's', width: 24 },
    ),
  ],
};

const DELIVERIES: Row = {
  title: 'Deliveries',
  panels: [
    graph(
      'Deliveries',
      'Commits, and passes that applied something.',
      [{ expr: `sum by (target) (increase(generatorset_deliveries_total{${CHOSEN}}[$__rate_interval]))` }],
      { width: 8 },
    ),
    graph(
      'Changes',
      'Resources that were delivered.',
      [{ expr: `sum by (action) (increase(generatorset_changes_total{${CHOSEN}}[$__rate_interval]))` }],
      { width: 8 },
    ),
    graph(
      'Since the last delivery',
      'Of sets that have delivered since the controller began.',
      [
        {
          expr: `time() - ${ONCE} (generatorset_last_delivery_timestamp_seconds{${CHOSEN}})`,
          legend: SET_NAME,
        },
      ],
      { unit: 's', width: 8 },
    ),
  ],
};

const QUEUE = 'name="generatorset"';

const CONTROLLER: Row = {
  title: 'Controller',
  panels: [
    stat(
      'Leaders',
      'One for each shard of the sets.',
      'sum(leader_election_master_status{name=~"generatorset-controller.*"}) or vector(0)',
    ),
    stat('Replicas', 'Processes that Prometheus reads.', 'count(generatorset_build_info) or vector(0)'),
    stat('Waiting', 'Sets in line for a worker.', `max(workqueue_depth{${QUEUE}}) or vector(0)`, {
      bad: 100,
    }),
    stat(
      'Longest pass under way',
      'Its age.',
      `max(workqueue_longest_running_processor_seconds{${QUEUE}}) or vector(0)`,
      { unit: 's', bad: 1800 },
    ),
    stat(
      'Missed changes',
      'More than 0 is a defect.',
      'sum(increase(generatorset_watch_cache_misses_total[$__range])) or vector(0)',
      { bad: 1 },
    ),
    stat(
      'Lost events',
      'Events that a receiver did not get.',
      'sum(increase(generatorset_events_dropped_total[$__range])) or vector(0)',
      { bad: 1 },
    ),
    graph(
      'Passes',
      'By their result.',
      [
        {
          expr: 'sum by (result) (rate(controller_runtime_reconcile_total{controller="generatorset"}[$__rate_interval]))',
        },
      ],
      { unit: 'ops' },
    ),
    graph(
      'Length of passes',
      'Half of them, and 99 of 100, are shorter.',
      ['0.5', '0.99'].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (rate(controller_runtime_reconcile_time_seconds_bucket{controller="generatorset"}[$__rate_interval])))`,
        legend: quantile,
      })),
      { unit: 's' },
    ),
    graph(
      'Time in line',
      'Half of the sets, and 99 of 100, wait less.',
      ['0.5', '0.99'].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (rate(workqueue_queue_duration_seconds_bucket{${QUEUE}}[$__rate_interval])))`,
        legend: quantile,
      })),
      { unit: 's' },
    ),
    graph('Workers', 'Those that have a set, and how many there are.', [
      { expr: 'max(controller_runtime_active_workers{controller="generatorset"})', legend: 'active' },
      { expr: 'max(controller_runtime_max_concurrent_reconciles{controller="generatorset"})', legend: 'all' },
    ]),
    graph(
      'Requests to the API server',
      'By their answer.',
      [
        {
          expr: 'sum by (code) (rate(rest_client_requests_total[$__rate_interval]) and on (instance) generatorset_build_info)',
        },
      ],
      { unit: 'reqps' },
    ),
    graph(
      'Watches',
      'Breaks by their kind, lists that were made again, and reactions that failed.',
      [
        {
          expr: 'sum by (kind) (rate(generatorset_watch_breaks_total[$__rate_interval]))',
          legend: 'breaks: {{kind}}',
        },
        { expr: 'sum(rate(generatorset_watch_relists_total[$__rate_interval]))', legend: 'lists' },
        {
          expr: 'sum(rate(generatorset_watch_listener_failures_total[$__rate_interval]))',
          legend: 'failed reactions',
        },
      ],
      { unit: 'ops' },
    ),
    graph(
      'Memory',
      'Resident.',
      [
        {
          expr: 'process_resident_memory_bytes and on (instance) generatorset_build_info',
          legend: '{{instance}}',
        },
      ],
      { unit: 'bytes' },
    ),
    graph('Processor and event loop', 'Cores in use, and how long the process did not listen at most.', [
      {
        expr: 'rate(process_cpu_seconds_total[$__rate_interval]) and on (instance) generatorset_build_info',
        legend: '{{instance}} cores',
      },
      {
        expr: 'nodejs_eventloop_lag_max_seconds and on (instance) generatorset_build_info',
        legend: '{{instance}} lag in s',
      },
    ]),
  ],
};

/** The dashboard from above to below. */
export const ROWS: readonly Row[] = [OVERVIEW, DECISIONS, GENERATORS, DELIVERIES, CONTROLLER];
