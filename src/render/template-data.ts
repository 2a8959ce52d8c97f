import type { GeneratedElement } from '../api/element.ts';
import type { JsonValue } from '../lib/json.ts';
import type { TemplateSet } from './template-set.ts';
import { goInt } from './values/go-number.ts';

/** One value of a template's `repeat`, and its position. */
export interface Repetition {
  readonly value: JsonValue;
  readonly index: number;
}

/** What a template sees: `.Element`, `.ElementIndex`, `.GeneratorSet` (also as `.GitOpsSet`), and `.Repeat`. */
export function elementData(set: TemplateSet, from: GeneratedElement, repetition?: Repetition): object {
  const identity = { Name: set.metadata.name, Namespace: set.metadata.namespace };
  const data = {
    Element: from.element,
    ElementIndex: goInt(from.index),
    GeneratorSet: identity,
    GitOpsSet: identity,
  };
  if (!repetition) return data;
  return { ...data, Repeat: repetition.value, RepeatIndex: goInt(repetition.index) };
}
