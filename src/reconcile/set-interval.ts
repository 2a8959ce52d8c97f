import type { Generator } from '../../generators/generator.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { entryInterval } from '../generate/generate.ts';
import { parseDuration } from '../lib/duration.ts';

/** Milliseconds until a set's elements may have changed: the least of its generators' intervals; undefined: never by time. */
export function setInterval({ spec }: GeneratorSet, generators: readonly Generator[]): number | undefined {
  const interval = spec.interval === undefined ? {} : { interval: parseDuration(spec.interval) };
  const intervals = spec.generators.map((entry) => entryInterval(entry, { generators, ...interval }));
  const known = intervals.filter((milliseconds) => milliseconds !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
