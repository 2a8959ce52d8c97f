import type { Decision } from '../api/decision.ts';
import type { Tune } from '../api/generatorset-schema.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { parseQuantity } from '../lib/quantity.ts';
import type { World } from '../reconcile/world.ts';
import type { FixedSource } from './backtest-result.ts';
import type { TunedLine } from './replay-steps.ts';

/** Milliseconds that the target may take to say what stands there now. */
const PATIENCE = 30_000;

/** A value that never changes, to compare decisions with. */
export interface FixedValue {
  readonly value: string;
  /** In billionths of the unit. */
  readonly nanos: bigint;
  readonly source: FixedSource;
}

/** Where fixed values come from, the first that has one. */
export interface FixedSources {
  /** By the name of the decision, as `readFixed` gives them. */
  readonly given: ReadonlyMap<string, string>;
  /** What stands in the target now. */
  readonly standing: readonly Decision[];
}

/** Reads `name=value` options. Throws where a name is no decision of the set, or a value no quantity. */
export function readFixed(texts: readonly string[], tunes: readonly Tune[]): Map<string, string> {
  const names = tunes.map(({ name }) => name);
  return new Map(
    texts.map((text) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
      if (!names.includes(name))
        throw new Error(
          `--fixed ${JSON.stringify(text.slice(0, 100))}: write NAME=VALUE, NAME being ${listNames(names)}`,
        );
      if (toNanos(value) === undefined)
        throw new Error(
          `--fixed ${name}: ${JSON.stringify(value.slice(0, 40))} is no quantity such as 448Mi`,
        );
      return [name, value];
    }),
  );
}

/** The decisions that stand in the set's own target now. Throws where it cannot be reached within half a minute. */
export async function readStanding(
  { set }: LoadedSet,
  world: World,
  signal: AbortSignal,
): Promise<readonly Decision[]> {
  const patient = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  const target = await world.openTarget(set, patient);
  return (await target.read(patient)).state?.decisions ?? [];
}

/** What a tuned value is compared with: what was given, what stands in the target, or what was decided last. */
export function fixedValueOf(
  { element, name, points }: TunedLine,
  { given, standing }: FixedSources,
): FixedValue | undefined {
  const stands = standing.find((decision) => decision.element === element && decision.name === name);
  const candidates: readonly (readonly [FixedSource, string | undefined])[] = [
    ['option', given.get(name)],
    ['target', stands?.value],
    ['lastDecision', points.findLast(({ value }) => value !== undefined)?.value],
  ];
  for (const [source, value = ''] of candidates) {
    const nanos = toNanos(value);
    if (nanos !== undefined) return { value, nanos, source };
  }
  return undefined;
}

function toNanos(text: string): bigint | undefined {
  try {
    return parseQuantity(text).nanos;
  } catch {
    return undefined;
  }
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'a name of spec.tune, which this set does not have' : names.join(' or ');
}
