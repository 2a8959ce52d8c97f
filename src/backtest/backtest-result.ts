import type { Decision } from '../api/decision.ts';
import type { TuneUnit } from '../api/tune-rules.ts';
import type { Change } from '../plan/change.ts';
import type { Period } from './period.ts';
import type { StepLine } from './step-line.ts';

/** What a set would have done over a period, and what its tuned values would have cost. */
export interface Backtest {
  readonly namespace: string;
  readonly name: string;
  readonly period: Period;
  /** How many passes there were. */
  readonly steps: number;
  readonly commits: readonly PastCommit[];
  /** Passes in which the guard held the plan, or a change of a tuned value. */
  readonly held: readonly PastNote[];
  /** Passes that failed, as they would have then: they changed nothing. */
  readonly failed: readonly PastNote[];
  readonly figures: readonly Figures[];
  /** Which figures are missing, and what they need. */
  readonly missing: readonly MissingFigures[];
  /** What the plot shows, an element at a time. */
  readonly traces: readonly Trace[];
}

/** One commit that would have been made. */
export interface PastCommit {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly changes: readonly PastChange[];
  /** How many more changes there were than are listed. */
  readonly omitted: number;
  readonly decisions: readonly DecisionChange[];
}

/** One resource that a commit would have changed. */
export interface PastChange {
  /** `Kind/namespace/name`. */
  readonly resource: string;
  readonly action: Change['action'];
  /** The leaves that changed, where they are known. */
  readonly fields: readonly FieldChange[];
}

/** One leaf of a resource. */
interface FieldChange {
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

/** A tuned value that is new, another one, or gone: then it has no `value`. */
export interface DecisionChange extends Pick<Decision, 'element' | 'name'> {
  readonly previous?: string;
  readonly value?: string;
  readonly rule?: Decision['rule'];
  readonly input?: string;
}

/** What happened in a pass that changed nothing. */
export interface PastNote {
  readonly time: number;
  readonly message: string;
}

/** What one tuned value of one element came to, beside a fixed value over the same hours. Times in milliseconds. */
export interface Figures extends Pick<Decision, 'element' | 'name'> {
  readonly unit: TuneUnit;
  /** Time with a usage and a decision: what the figures cover. */
  readonly measured: number;
  /** Time without a sample of usage. */
  readonly withoutData: number;
  /** Time with usage, but before the first decision or after the last. */
  readonly withoutDecision: number;
  readonly decided: Outlay;
  readonly fixed: Outlay & { readonly value: string; readonly source: FixedSource };
}

/** Where the fixed value is from: the command line, the target's own state, or the end of the backtest. */
export type FixedSource = 'option' | 'target' | 'lastDecision';

/** How a limit compares with the usage below it. */
export interface Outlay {
  /** Milliseconds in which the usage was above the limit. */
  readonly exceeded: number;
  /** The area between limit and usage where the limit is above: billionths of the unit times milliseconds. */
  readonly overProvisioned: bigint;
}

/** Figures that could not be computed. */
export interface MissingFigures extends Pick<Decision, 'name'> {
  /** Absent where they are missing for all elements. */
  readonly element?: string;
  readonly message: string;
  /** Whether something went wrong; else the set just does not say what is needed. */
  readonly isFailure: boolean;
}

/** One tuned value of one element over time. */
export interface Trace extends Pick<Decision, 'element' | 'name'> {
  readonly unit: TuneUnit;
  readonly decided: StepLine;
  /** The usage in each cell of the resolution, in billionths; absent where nothing was measured. */
  readonly usage?: UsageCells;
  /** The fixed value, in billionths. */
  readonly fixed?: bigint;
}

/** Usage by the cells of the resolution, in billionths of the unit; undefined where there is no sample. */
export type UsageCells = readonly (bigint | undefined)[];
