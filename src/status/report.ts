import type { HeldChanges } from '../api/decision.ts';
import type { ElementState } from '../api/element-state.ts';
import type { Hold } from '../plan/plan.ts';
import type { State } from '../plan/state.ts';

/** What became of a pass over a set; the status and the events say it. */
export interface Report {
  readonly outcome: ReportOutcome;
  /** The generation that was worked on. */
  readonly generation: number;
  /** Values of the annotations that asked for the pass. */
  readonly requestedAt?: string;
  readonly forceAt?: string;
  /** When the pass ended, and how many milliseconds it took. */
  readonly at: Date;
  readonly duration: number;
  /** What stands now; undefined: as before. */
  readonly state?: State;
  /** How many elements there are; undefined: not known, as before. */
  readonly elements?: number;
  /** What became of each, where they have keys or are tuned; undefined: not known, as before. */
  readonly elementStates?: readonly ElementState[];
  /** Tuned values that wait for an approval, while the rest goes on. */
  readonly heldChanges?: HeldChanges;
  /** What cannot be watched, so that drift is found only once per interval; undefined: nothing. */
  readonly unwatched?: string;
}

/** Each becomes a set of conditions; `reason` and `message` are those of Ready. */
export type ReportOutcome =
  /** Ready=True, also while some elements are held. `changes` says what was delivered, a line each; empty when there was nothing to do. */
  | {
      readonly type: 'succeeded';
      readonly message: string;
      readonly revision?: string;
      readonly changes: readonly string[];
    }
  /** Ready=True reason PlanHeld, Held=True: nothing is delivered, the last good state stands. */
  | { readonly type: 'held'; readonly hold: Hold; readonly digest: string; readonly revision?: string }
  /** Ready=Unknown, Reconciling=True: a first pass that takes long, or resources that become ready. */
  | {
      readonly type: 'progressing';
      readonly reason: string;
      readonly message: string;
      readonly revision?: string;
    }
  /** Ready=False, Reconciling=True reason ProgressingWithRetry: it is tried again. */
  | { readonly type: 'failed'; readonly reason: string; readonly message: string; readonly revision?: string }
  /** Ready=False, Stalled=True: only a changed spec helps. */
  | { readonly type: 'stalled'; readonly reason: string; readonly message: string };
