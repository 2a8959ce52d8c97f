import type { StandingDecision } from '../api/decision.ts';
import type { Read } from '../api/rendered-resource.ts';
import type { Resource } from '../api/resource.ts';

/** Flux's words for what happens to an object. */
type Action = 'created' | 'configured' | 'unchanged' | 'deleted' | 'skipped';

/** What happens, or would happen, to one resource, and why. */
export interface Change {
  /** Flux's inventory id. */
  readonly id: string;
  readonly action: Action;
  /** File below the target's path. */
  readonly path: string;
  /** The file's text before and after; absent where there is no file. */
  readonly before?: string;
  readonly after?: string;
  /** The resource after the change, or before it when it is deleted. */
  readonly resource?: Resource;
  /** It is written because nobody remembers whether it is as it should be: no reason to ask for an approval anew. */
  readonly isUncertain?: boolean;
  /** It stays as it is, `skipped`, because its element is held. */
  readonly isKept?: boolean;
  /** Why nothing is done, when the action is `skipped`; else what is to be known of it. */
  readonly reason?: string;
  /** It would be refused: a pass that has to do it fails. */
  readonly isRefused?: boolean;
  /** What people compare, where `before` and `after` only identify an object; absent where there is none. */
  readonly shown?: { readonly before?: string; readonly after?: string };
  /** One for each leaf that changes. */
  readonly evidence: readonly Evidence[];
}

/** One leaf that changes, and where it came from. */
export interface Evidence extends LeafOrigin {
  /** The field, such as `spec.maxReplicas`; for one line of a text, the field and the number of the line. */
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

/** Where the value of one leaf came from: its template, its element, what was asked, and what was decided. */
export interface LeafOrigin {
  /** Position under `spec.templates`. */
  readonly template: number;
  /** Where the template of the leaf stands, as `file:line:column`; absent where no file is known. */
  readonly at?: string;
  /** The element's key, or its position where the set has no `elementKey`. */
  readonly element: string;
  /** Position under `spec.generators`, and the generator's key such as `prometheus`. */
  readonly generator: number;
  readonly generatorName: string;
  readonly query?: string;
  /** When the query was evaluated, and when the youngest sample was taken that it used (RFC 3339). */
  readonly evaluated?: string;
  readonly sampled?: string;
  /** The scalars that the leaf read, as they were then. */
  readonly reads: readonly Read[];
  /** The decisions among them. */
  readonly decisions: readonly StandingDecision[];
}
