import type { GeneratedElement } from '../api/element.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import type { TemplateSet } from './template-set.ts';
import { GoInt, goInt } from './values/go-number.ts';

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

/** The functions that change a map they are given: `set`, `unset` and the merges. */
const CHANGING = /\b(?:(?:un)?set|(?:mustM|m)erge(?:Overwrite)?)\b/;

/** Whether a template, a content or a text, names a function that may change its data. */
export function mayChangeData(template: JsonValue): boolean {
  if (typeof template === 'string') return CHANGING.test(template);
  if (Array.isArray(template)) return template.some(mayChangeData);
  if (!isObject(template)) return false;
  return Object.entries(template).some(([key, value]) => CHANGING.test(key) || mayChangeData(value));
}

/**
 * The data for one render of a template that may change it. Elements are kept for other templates, later renders
 * and the evidence, which must all see them as they were.
 */
export function copyData(data: object): object {
  const json = Object.entries(data).filter(([, value]) => !(value instanceof GoInt));
  return { ...data, ...structuredClone(Object.fromEntries(json)) };
}
