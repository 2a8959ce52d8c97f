import type { JsonObject } from '../lib/json.ts';
import type { StandingDecision } from './decision.ts';

/** One object that a generator yields and templates render. */
export type Element = JsonObject;

/** What a generator knows of one of its elements beyond what templates see. */
export interface Origin {
  /** Its stable identity where the set has no `elementKey`. */
  readonly key?: string;
  /** What was asked for it, where that differs from the generator's own `query`. */
  readonly query?: string;
  /** When the query was evaluated, and when the youngest sample was taken that it used (RFC 3339). */
  readonly evaluated?: string;
  readonly sampled?: string;
  /** Whether it holds values of a Secret, which nobody may be shown. */
  readonly isSecret?: boolean;
}

/** Stands in evidence and messages for what came from a Secret. */
export const SECRET_VALUE = '(from a Secret)';

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
  /** Stable identity from `spec.elementKey` or from the generator; absent when neither gives one. */
  readonly key?: string;
  readonly evaluated?: string;
  readonly sampled?: string;
  /** Whether it may hold values of a Secret: none is shown in evidence, messages, status and explanations. */
  readonly isSecret?: boolean;
  /** When its generator was asked (RFC 3339): long ago where it is remembered. Absent where nobody noted it. */
  readonly asked?: string;
  /** The tuned values that it has as fields; absent before the decide step. */
  readonly decisions?: readonly StandingDecision[];
}

/** An element as people name it: its key, or its place where the set has no `elementKey`. */
export function describeElement({ key, generator, generatorName, index }: GeneratedElement): string {
  return key ?? `generators[${generator}].${generatorName}[${index}]`;
}
