import type { GeneratedElement } from '../api/element.ts';

/**
 * A query over time: from and to in milliseconds since 1970, both included, and milliseconds between two samples, which
 * are taken at whole multiples of that.
 */
export interface HistoryRequest {
  readonly query: string;
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** One series of the answer. */
export interface HistorySeries {
  /** Its labels in a canonical form. */
  readonly labels: string;
  readonly samples: readonly HistorySample[];
}

/** A value at a time. */
export interface HistorySample {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Absent where it is not finite. */
  readonly value?: number | bigint;
}

/** Asks the source of an element for its history. Samples beside the asked ones do no harm. Throws where
 * there is no good answer; no series is an answer. */
export type AskHistory = (
  element: GeneratedElement,
  request: HistoryRequest,
  signal: AbortSignal,
) => Promise<readonly HistorySeries[]>;
