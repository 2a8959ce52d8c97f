import type { GeneratorHealth, SetRecord, TunedSeries } from './set-record.ts';

/** Flux's buckets, in seconds: ten from a hundredth to half an hour, each as many times the one before. */
export const BOUNDS = Array.from({ length: 10 }, (_, index) => 0.01 * (1800 / 0.01) ** (index / 9));

/** The same as labels have them. */
const BOUND_TEXTS = [...BOUNDS.map(String), '+Inf'];

/** Characters of a label that somebody else has written. */
const MAX_LABEL = 128;

/** A metric of which each set has series of its own. */
interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  /** The lines of one set; empty where it has none. */
  lines(record: SetRecord, name: string): string;
}

type Labels = Readonly<Record<string, string>>;

/** A gauge with one series a set; undefined: none. */
function gauge(name: string, help: string, read: (record: SetRecord) => number | undefined): Family {
  return {
    ...{ name, type: 'gauge', help },
    lines(record) {
      const value = read(record);
      return value === undefined ? '' : setLine(name, record, { value });
    },
  };
}

/** A gauge with a series for each generator of a set. */
function generatorGauge(
  name: string,
  help: string,
  read: (health: GeneratorHealth) => number | undefined,
): Family {
  return {
    ...{ name, type: 'gauge', help },
    lines(record) {
      const lines = (record.generators ?? []).map((health) => {
        const value = read(health);
        if (value === undefined) return '';
        return setLine(name, record, { labels: { generator: health.generator, type: health.type }, value });
      });
      return lines.join('');
    },
  };
}

/** A gauge with a series for each tuned value of a set; undefined: none for this one. */
function tunedGauge(
  name: string,
  help: string,
  read: (tuned: TunedSeries) => { readonly labels: Labels; readonly value: number } | undefined,
): Family {
  return {
    ...{ name, type: 'gauge', help },
    lines(record) {
      const lines = (record.tuned ?? []).map((tuned) => {
        const series = read(tuned);
        const { element, tune } = tuned;
        if (!series) return '';
        return setLine(name, record, { labels: { element, tune, ...series.labels }, value: series.value });
      });
      return lines.join('');
    },
  };
}

/** The metrics that each set has, in the order in which they are written. */
export const FAMILIES: readonly Family[] = [
  {
    name: 'gotk_reconcile_duration_seconds',
    type: 'histogram',
    help: 'The duration in seconds of a GitOps Toolkit resource reconciliation.',
    lines: durationLines,
  },
  {
    name: 'generatorset_resource_info',
    type: 'gauge',
    help: 'The state of each GeneratorSet, always 1.',
    lines(record, name) {
      const { ready, reason, suspended, revision } = record.info;
      const labels = {
        name: record.name,
        exported_namespace: record.namespace,
        ready,
        reason: reason.slice(0, MAX_LABEL),
        suspended: String(suspended),
        revision: revision.slice(0, MAX_LABEL),
      };
      return `${name}{${labelText(labels)}} 1\n`;
    },
  },
  gauge('generatorset_stalled', '1 while only a changed spec of the set helps.', ({ info }) =>
    info.stalled ? 1 : undefined,
  ),
  gauge(
    'generatorset_elements',
    'Elements that the generators of the set gave.',
    ({ info }) => info.elements,
  ),
  {
    name: 'generatorset_held_timestamp_seconds',
    type: 'gauge',
    help: 'Since when anything of the set is held, as a Unix time; absent while nothing is.',
    lines(record, name) {
      const { held } = record.info;
      return held ? setLine(name, record, { labels: { reason: held.reason }, value: held.since }) : '';
    },
  },
  gauge(
    'generatorset_held_elements',
    'Elements of the set that are held, 100 at most.',
    ({ info }) => info.held?.elements,
  ),
  gauge(
    'generatorset_held_changes',
    'Tuned values of the set that wait for an approval, 100 at most.',
    ({ info }) => info.held?.changes,
  ),
  generatorGauge(
    'generatorset_generator_healthy',
    '1 where the generator answered when it was asked last, else 0.',
    ({ healthy }) => (healthy === undefined ? undefined : Number(healthy)),
  ),
  generatorGauge(
    'generatorset_generator_duration_seconds',
    'How long the generator took when it was asked last.',
    ({ duration }) => duration,
  ),
  generatorGauge(
    'generatorset_generator_interval_seconds',
    'After how long the generator is asked again; absent where only a change brings that.',
    ({ interval }) => interval,
  ),
  generatorGauge(
    'generatorset_generator_last_success_timestamp_seconds',
    'When the generator was asked last with an answer, as a Unix time.',
    ({ lastSuccess }) => lastSuccess,
  ),
  tunedGauge(
    'generatorset_tuned_value',
    'A tuned value that stands, in its unit: bytes, cores or none.',
    ({ unit, value }) => ({ labels: { unit }, value }),
  ),
  tunedGauge(
    'generatorset_tuned_proposed_value',
    'What a tuned value would become that is held, in its unit: bytes, cores or none.',
    ({ unit, proposed }) => (proposed === undefined ? undefined : { labels: { unit }, value: proposed }),
  ),
  tunedGauge(
    'generatorset_tuned_at_bound',
    '1 where a tuned value has met the least or largest value of its rules.',
    ({ bound }) => (bound === undefined ? undefined : { labels: { bound }, value: 1 }),
  ),
  gauge(
    'generatorset_tuned_values_omitted',
    'Tuned values of the set that have no series, because there would be too many.',
    ({ omitted }) => (omitted ? omitted : undefined),
  ),
  {
    name: 'generatorset_deliveries_total',
    type: 'counter',
    help: 'Deliveries of the set: commits, or passes that applied something.',
    lines(record, name) {
      const counts = Object.entries(record.deliveries?.counts ?? {});
      return counts.map(([target, value]) => setLine(name, record, { labels: { target }, value })).join('');
    },
  },
  {
    name: 'generatorset_changes_total',
    type: 'counter',
    help: 'Resources of the set that were delivered, by what was done to them.',
    lines(record, name) {
      // From 0 on, or an increase would never show the first change, which for most sets is the only one.
      return Object.entries(record.deliveries?.changes ?? {})
        .map(([action, count]) => setLine(name, record, { labels: { action }, value: count }))
        .join('');
    },
  },
  gauge(
    'generatorset_last_delivery_timestamp_seconds',
    'When anything was delivered for the set last, as a Unix time; absent before the first since the process began.',
    ({ deliveries }) => deliveries?.last,
  ),
];

function durationLines({ durations, name, namespace }: SetRecord, metric: string): string {
  if (!durations) return '';
  const text = labelText({ kind: 'GeneratorSet', name, namespace });
  let total = 0;
  let lines = '';
  for (const [index, count] of durations.counts.entries()) {
    total += count;
    lines += `${metric}_bucket{le="${BOUND_TEXTS[index]}",${text}} ${total}\n`;
  }
  return `${lines}${metric}_sum{${text}} ${durations.sum}\n${metric}_count{${text}} ${total}\n`;
}

/** A line of a set, with labels of its own. */
function setLine(
  metric: string,
  { namespace, name }: SetRecord,
  { labels, value }: { readonly labels?: Labels; readonly value: number },
): string {
  const more = labels ? `,${labelText(labels)}` : '';
  return `${metric}{exported_namespace="${escapeValue(namespace)}",name="${escapeValue(name)}"${more}} ${value}\n`;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .join(',');
}

function escapeValue(value: string): string {
  // Most have nothing to escape, and there are 100,000 of them in one reading.
  if (!/[\\\n"]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
