import type { JsonObject } from '../lib/json.ts';

/** One object that a generator yields and templates render. */
export type Element = JsonObject;

/** An element with where it came from and what identifies it. */
export interface GeneratedElement {
  readonly element: Element;
  /** Position among all elements of the set: for display and `.ElementIndex`, never for state. */
  readonly index: number;
  /** Position of its generator under `spec.generators`. */
  readonly generator: number;
  /** The generator's key, such as `apiClient`. */
  readonly generatorName: string;
  /** What was asked, as evidence may show it: PromQL, or origin and path. */
  readonly query?: string;
  /** Stable identity from `spec.elementKey`; absent when the set gives none. */
  readonly key?: string;
}

/** An element as people name it: its key, or its place where the set has no `elementKey`. */
export function describeElement({ key, generator, generatorName, index }: GeneratedElement): string {
  return key ?? `generators[${generator}].${generatorName}[${index}]`;
}
