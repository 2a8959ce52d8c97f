import type { Change } from './change.ts';
import type { DesiredFile } from './desired-file.ts';
import type { Keep } from './keep-held.ts';
import type { TemplateSource } from './leaf-origin.ts';
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
   * What the target compares by itself, as the cluster does; other targets are compared file by file. Entries that
   * `keep` gives a reason for stay as they are; `set` says where the templates stand.
   */
  compare?(
    desired: readonly DesiredFile[],
    previous: Previous,
    options: { readonly keep: Keep; readonly signal: AbortSignal; readonly set?: TemplateSource },
  ): Promise<Comparison>;
  /**
   * Carries out the plan against what `read` gave: all of it becomes visible, or none.
   * Throws TargetMovedError when the target has changed since; then read and plan again.
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<Delivered>;
  /**
   * Called at the end of each pass that holds nothing, whether anything was delivered or not. Throws a WaitingError
   * while what was delivered is not ready yet, and a DeliveryError when it will not be.
   */
  settle?(signal: AbortSignal): Promise<void>;
}

/** What a target says that a delivery would change. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** Whether the delivery would change anything: a resource, or what is remembered of them. */
  readonly isReal: boolean;
}

/**
 * Where a target without a place of its own keeps what must be remembered of a set between passes: in the cluster,
 * the status of the set. It is a hint, never authority to delete: others may write it.
 */
export interface StateKeeper {
  /** What was kept last; undefined when the set has never delivered. */
  readonly state: State | undefined;
  /** Keeps at once what may exist from now on; resolves when that cannot be lost any more. */
  intend(state: State, signal: AbortSignal): Promise<void>;
  /** Keeps what stands now together with the outcome of the pass, whatever that is. */
  keep(state: State): void;
}

/** A delivery that could not be carried out, or not wholly. What was delivered stands, and is remembered. */
export class DeliveryError extends Error {
  /** Flux's word for the Ready condition: ReconciliationFailed, PruneFailed, HealthCheckFailed. */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DeliveryError';
    this.reason = reason;
  }
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
  /** Ids of resources that were as they should be after all: what a plan cannot know when a process begins. */
  readonly unchanged?: readonly string[];
}

/** The target changed between `read` and `deliver`. */
export class TargetMovedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TargetMovedError';
  }
}
