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
  /** Why nothing is done, when the action is `skipped`. */
  readonly reason?: string;
  /** One for each leaf that changes. */
  readonly evidence: readonly Evidence[];
}

/** Where one changed leaf came from. */
export interface Evidence {
  /** The field, such as `spec.maxReplicas`; for one line of a text, the field and that line's key. */
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
  /** The element's key, or its position where the set has no `elementKey`. */
  readonly element: string;
  readonly query?: string;
  /** The scalars that the leaf read. */
  readonly reads: readonly Read[];
}
