import type { Decision, HeldChanges } from '../api/decision.ts';
import type { GeneratedElement } from '../api/element.ts';
import type { ElementState } from '../api/element-state.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';

/** What the decide step works with. */
export interface DecideOptions {
  readonly set: GeneratorSet;
  /** The decisions that stand; empty where nothing was delivered yet. */
  readonly previous: readonly Decision[];
  /** Digest of the last delivered plan, which an approval covers. */
  readonly delivered?: string;
  /** Digests of held changes that may be made after all. */
  readonly approved: ReadonlySet<string>;
  readonly now: Date;
  /**
   * Renders `from` of the decision at this position for an element. Throws a StalledError when the template itself is
   * wrong; any other error says that this element has no valid input.
   */
  renderInput(position: number, element: GeneratedElement): string;
}

/** What the decide step gives. */
export interface Decided {
  /** The elements that can be rendered, each with its tuned values as fields and as `decisions`. */
  readonly elements: readonly GeneratedElement[];
  /** Elements that cannot: they have no valid input and no earlier value. Their resources stay as they are. */
  readonly held: readonly HeldElement[];
  /** All decisions that stand after a delivery, those of held elements too; undefined where the set tunes none. */
  readonly decisions?: readonly Decision[];
  /** Changes beyond `spec.guard.maxChange` that were not made. */
  readonly heldChanges?: HeldChanges;
  /** The digest of such changes that were made, since it was approved. */
  readonly released?: string;
}

/** An element that is not rendered in this pass. */
export interface HeldElement {
  readonly element: GeneratedElement;
  /** As its state says. */
  readonly reason: ElementState['reason'];
  readonly message: string;
}
