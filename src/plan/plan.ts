import type { HeldChanges } from '../api/decision.ts';
import type { Change } from './change.ts';

/** All changes of one pass. A held plan changes nothing until its digest is approved. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly held?: Hold;
  /** Tuned values that keep their old value until their own digest is approved; the rest of the plan goes on. */
  readonly heldChanges?: HeldChanges;
  /** Digests that were approved and without whose approval something would have been held. */
  readonly released?: readonly string[];
  /** Identifies what is done or held: `sha256:` of ids, actions and digests before; no evidence, no times. */
  readonly digest: string;
}

/** Why the guard holds a plan. */
export interface Hold {
  /** Which rule of `spec.guard` holds. */
  readonly rule: 'onEmpty' | 'maxPrune';
  /** One sentence with the counts. */
  readonly message: string;
}
