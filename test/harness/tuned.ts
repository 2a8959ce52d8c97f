import type { Decision } from '../../src/api/decision.ts';
import type { GeneratedElement } from '../../src/api/element.ts';
import type { GeneratorSet, Tune } from '../../src/api/generatorset-schema.ts';
import { decide } from '../../src/decide/decide.ts';
import type { Decided, DecideOptions } from '../../src/decide/decided.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** The time of all decisions here, unless a test says another. */
export const NOW = new Date('2026-03-01T12:00:00Z');

/** The fields of one decision; `name` is limit. */
export type Rules = Partial<Tune>;

/** What a test hands to the decide step. */
export interface TunedSet extends Partial<Omit<DecideOptions, 'set' | 'renderInput'>> {
  readonly tune: readonly Rules[];
  readonly maxChange?: string;
  readonly renderInput?: DecideOptions['renderInput'];
}

/** Elements by their keys, the value of each as its input. */
export function keyedElements(values: Readonly<Record<string, string>>): GeneratedElement[] {
  return Object.entries(values).map(([key, value], index) => ({
    ...element({ name: key, value }, index),
    key,
  }));
}

/** An element without a key. */
export function element(fields: JsonObject, index = 0): GeneratedElement {
  return { element: fields, index, generator: 0, generatorName: 'list' };
}

/** The decide step over elements whose field `value` is the input of every decision. */
export function decideElements(elements: readonly GeneratedElement[], options: TunedSet): Decided {
  const { tune, maxChange, ...rest } = options;
  const guard = { onEmpty: 'hold', maxPrune: '20%', ...(maxChange !== undefined && { maxChange }) };
  const spec = { generators: [], templates: [], guard, tune: tune.map(withDefaults) };
  const set = { metadata: { name: 'test', namespace: 'default' }, spec } as unknown as GeneratorSet;
  return decide(elements, {
    set,
    previous: [],
    approved: new Set(),
    now: NOW,
    renderInput: (_, generated) => String(generated.element['value']),
    ...rest,
  });
}

/** A decision that stands since a time before `NOW`: milliseconds. */
export function decision(
  value: string,
  { ago = 0, ...fields }: Partial<Decision> & { ago?: number } = {},
): Decision {
  const since = new Date(NOW.getTime() - ago).toISOString();
  return { element: '', name: 'limit', value, since, rule: 'Computed', input: value, ...fields };
}

function withDefaults(rules: Rules): Tune {
  return { name: 'limit', from: '{{ .Element.value }}', margin: '0%', increaseOnly: false, ...rules };
}
