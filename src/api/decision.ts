/** The rule that gave a decision its value: the input with its margin, or the bound that it met. */
export type DecisionRule = 'Computed' | 'DecreaseLimited' | 'AtMaximum' | 'AtMinimum';

/** Why a decision is not, or not wholly, what the input says. */
export type HoldReason =
  | 'WithinDeadBand'
  | 'Cooldown'
  | 'IncreaseOnly'
  /** `maxDecrease` allows less than one step of `roundUp`. */
  | 'DecreaseLimited'
  | 'AtMaximum'
  | 'AtMinimum'
  | 'InputMissing'
  /** Waits for an approval: the change is larger than `spec.guard.maxChange`. */
  | 'MaxChange';

/** One tuned value of one element, as it was decided last: kept with the target's state, and its own evidence. */
export interface Decision {
  /** The element's key; empty where the set has one element and no keys. */
  readonly element: string;
  /** `spec.tune[].name`. */
  readonly name: string;
  /** A canonical quantity or number, as templates see it. */
  readonly value: string;
  /** When it got this value (RFC 3339). */
  readonly since: string;
  readonly rule: DecisionRule;
  /** What `from` gave when it got this value. */
  readonly input: string;
  /** The value before; absent for the first. */
  readonly previous?: string;
}

/** A decision that stands now, and why it is not what the input says. */
export interface StandingDecision extends Decision {
  readonly reason?: HoldReason;
  /** What the input says now; absent where it says nothing valid. */
  readonly proposed?: string;
  /** Why there is no valid input, where there is none. */
  readonly problem?: string;
}

/** Changes of tuned values that are larger than `spec.guard.maxChange` and wait for an approval. */
export interface HeldChanges {
  /** Covers elements, names, old and new values and the last delivered plan. */
  readonly digest: string;
  /** One sentence with the count and the largest of them. */
  readonly message: string;
  readonly changes: readonly HeldChange[];
}

/** One of them. */
export interface HeldChange {
  readonly element: string;
  readonly name: string;
  readonly value: string;
  readonly proposed: string;
}
