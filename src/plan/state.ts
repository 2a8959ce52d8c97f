import type { Decision } from '../api/decision.ts';

/** What a target remembers of a set: kept by the target itself, written only together with a real change. */
export interface State {
  readonly version: 1;
  readonly inventory: readonly InventoryEntry[];
  /** Deletions of the last 24 hours, for the guard's budget. */
  readonly deletions: readonly Deletion[];
  /** Digest of the last delivered plan. */
  readonly delivered?: string;
  /** The tuned values of all elements; absent where the set tunes none. */
  readonly decisions?: readonly Decision[];
}

/** One resource that the set has delivered and not deleted since. */
export interface InventoryEntry {
  /** Flux's inventory id: `namespace_name_group_kind`. */
  readonly id: string;
  /** File below the target's path. */
  readonly path: string;
  /** `sha256:` of the file's bytes as delivered. */
  readonly digest: string;
  /** The element's key, where the set has an `elementKey`. */
  readonly element?: string;
  /** Position under `spec.generators`, and under `spec.templates`. */
  readonly generator: number;
  readonly template: number;
  /** The version of an applied resource's API; its group stands in `id`. */
  readonly version?: string;
}

/** A resource that was deleted, and when (RFC 3339). */
export interface Deletion {
  readonly id: string;
  readonly at: string;
}
