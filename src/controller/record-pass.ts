import type { GeneratorEntry } from '../../generators/generator.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { entryInterval, type GeneratorRun } from '../generate/generate.ts';
import { parseDuration } from '../lib/duration.ts';
import type { JsonValue } from '../lib/json.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import { DECISIONS, fromStatusDecisions } from '../status/decisions.ts';
import { readEntries } from '../status/kept-list.ts';
import type { Handling } from './handling.ts';
import type { GeneratorHealth } from './set-record.ts';
import { standingSeries, toTunedSeries } from './tuned-series.ts';

/** A pass over a set begins: its generators are known, and those that are gone have no metrics any more. */
export function recordGenerators(
  set: GeneratorSet,
  { parts, stored }: Pick<Handling, 'parts' | 'stored'>,
): void {
  const { spec, metadata } = set;
  // What fails after a restart gave elements before it.
  const lastRun = parts.checkpoint.get(stored.uid, stored.generation);
  const standard = spec.interval === undefined ? {} : { interval: parseDuration(spec.interval) };
  const generators = spec.generators.map((entry, position): GeneratorHealth => {
    const interval = entryInterval(entry, { generators: parts.generators, ...standard });
    return {
      generator: labelOf(position, spec.generators),
      type: typeOf(entry),
      ...(interval !== undefined && { interval: interval / 1000 }),
      ...(lastRun !== undefined && { lastSuccess: lastRun / 1000 }),
    };
  });
  parts.metrics.setGenerators(metadata, generators);
}

/** The name of a generator, or its place, which another may have for its name. */
function labelOf(position: number, entries: readonly GeneratorEntry[]): string {
  const name = entries[position]?.['name'];
  if (typeof name === 'string') return name;
  return entries.some((entry) => entry['name'] === String(position)) ? `[${position}]` : String(position);
}

function typeOf(entry: GeneratorEntry): string {
  return Object.keys(entry).find((key) => key !== 'name') ?? '';
}

/** A generator of the set was asked. */
export function recordRun(
  { metadata }: GeneratorSet,
  { position, isAnswered, duration }: GeneratorRun,
  { parts }: Pick<Handling, 'parts'>,
): void {
  parts.metrics.ran(metadata, position, {
    healthy: isAnswered,
    duration: duration / 1000,
    ...(isAnswered && { lastSuccess: parts.clock.now() / 1000 }),
  });
}

/** A pass over a set came to its end. */
export function recordOutcome(set: GeneratorSet, outcome: Outcome, { parts }: Pick<Handling, 'parts'>): void {
  const { metadata, spec } = set;
  const count = (action: string) => outcome.plan.changes.filter((change) => change.action === action).length;
  const delivery = {
    changes: { created: count('created'), configured: count('configured'), deleted: count('deleted') },
    at: parts.clock.now() / 1000,
  };
  // Some deliveries change only what is remembered.
  const isDelivered = outcome.delivered && Object.values(delivery.changes).some((changes) => changes > 0);
  parts.metrics.setTuned(metadata, toTunedSeries(set, outcome));
  parts.metrics.passed(metadata, targetOf(spec), isDelivered ? delivery : undefined);
}

/** A set needs no pass after a restart: its last one was good, and asked all generators that were due. */
export function recordRestored(
  set: GeneratorSet,
  { parts, runtime, stored }: Pick<Handling, 'parts' | 'runtime' | 'stored'>,
): void {
  const { metadata, status } = set;
  recordGenerators(set, { parts, stored });
  const lastSuccess = (runtime.lastRun ?? 0) / 1000;
  for (const position of set.spec.generators.keys())
    parts.metrics.ran(metadata, position, { healthy: true, lastSuccess });
  // Somebody may have edited them.
  const decisions = readEntries(DECISIONS, status?.decisions as JsonValue | undefined);
  parts.metrics.setTuned(metadata, standingSeries(set, fromStatusDecisions(decisions)));
  parts.metrics.passed(metadata, targetOf(set.spec));
}

function targetOf({ target }: GeneratorSet['spec']): string {
  if (target?.git) return 'git';
  return target?.directory ? 'directory' : 'apply';
}
