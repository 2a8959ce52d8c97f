/**
 * A query over time: from and to in milliseconds since 1970, both included, and milliseconds between two samples, which
 * are taken at whole multiples of that.
 */
export interface HistoryQuestion {
  readonly query: string;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Where to ask, in place of the address in the generator's spec. */
  readonly url?: string;
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
