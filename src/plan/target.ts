import type { Plan } from './plan.ts';
import type { State } from './state.ts';

/** Where resources are delivered: a Git branch, a directory, the cluster. */
export interface Target {
  /** Equal for targets that cannot be delivered to at the same time: one branch, one directory. */
  readonly key: string;
  /** For people and logs, without credentials: `main of https://example.com/fleet.git, below apps`. */
  readonly description: string;
  /** Inventory and files as the target itself has them now. */
  read(signal: AbortSignal): Promise<Previous>;
  /**
   * Carries out the plan against what `read` gave: all of it becomes visible, or none.
   * Throws TargetMovedError when the target has changed since; then read and plan again.
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<Delivered>;
}

/** The target as one `read` found it. */
export interface Previous {
  /** Flux's form, `main@sha1:<commit>`; undefined where there is nothing yet, and for targets without revisions. */
  readonly revision?: string;
  /** Undefined when the set has never delivered here. */
  readonly state?: State;
  /** Whether the file below the target's path now has exactly this text. */
  compare(path: string, text: string): 'same' | 'different' | 'absent';
  /** The present texts of those of the files that exist. */
  read(paths: readonly string[], signal: AbortSignal): Promise<Map<string, string>>;
}

export interface Delivery {
  readonly plan: Plan;
  /** The state that stands after this delivery. */
  readonly next: State;
  readonly previous: Previous;
  /** The commit's message; targets without commits ignore it. */
  readonly message: string;
}

export interface Delivered {
  /** Flux's form, `main@sha1:<commit>`; undefined for targets without revisions. */
  readonly revision?: string;
}

/** The target changed between `read` and `deliver`. */
export class TargetMovedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TargetMovedError';
  }
}
