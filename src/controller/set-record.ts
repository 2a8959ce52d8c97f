/** What the status of a set says, as far as metrics tell it. */
export interface SetInfo {
  /** Status of the Ready condition; empty: there is none yet. */
  readonly ready: string;
  readonly reason: string;
  readonly suspended: boolean;
  readonly revision: string;
  /** Present while only a changed spec helps. */
  readonly stalled?: true;
  readonly elements?: number;
  /** Present while anything is held. */
  readonly held?: SetHold;
}

/** What of a set is held. */
export interface SetHold {
  /** PlanHeld, ChangesHeld or ElementsHeld. */
  readonly reason: string;
  /** Since when, in seconds of the epoch. */
  readonly since: number;
  /** Elements and tuned values that are held, as far as the status lists them. */
  readonly elements: number;
  readonly changes: number;
}

/** How one generator of a set fares. */
export interface GeneratorHealth {
  /** Its name in the set, or its place; and its key, such as `prometheus`. */
  readonly generator: string;
  readonly type: string;
  /** Seconds after which its elements are asked for again; absent: only a change brings that. */
  readonly interval?: number;
  /** Whether it answered when it was asked last, and how many seconds that took; absent: it was not asked yet. */
  healthy?: boolean;
  duration?: number;
  /** When it was asked and answered last, in seconds of the epoch. */
  lastSuccess?: number;
}

/** One tuned value, in bytes, cores or without a unit. */
export interface TunedSeries {
  readonly element: string;
  readonly tune: string;
  readonly unit: 'bytes' | 'cores' | 'none';
  readonly value: number;
  /** What it would become, where that is held. */
  readonly proposed?: number;
  /** The bound of the spec that it has met. */
  readonly bound?: 'min' | 'max';
}

/** How long the passes of one set took. */
export interface Durations {
  /** How many went into each bucket; the last is for what took longer than all. */
  readonly counts: Uint32Array;
  sum: number;
}

/** What was delivered for a set since the process began. */
export interface Deliveries {
  /** How many, by where to: `git`, `directory` or `apply`. */
  readonly counts: Record<string, number>;
  readonly changes: { created: number; configured: number; deleted: number };
  /** Seconds of the epoch. */
  last?: number;
}

/** All that metrics tell of one set. */
export interface SetRecord {
  readonly namespace: string;
  readonly name: string;
  info: SetInfo;
  durations?: Durations;
  generators?: GeneratorHealth[];
  tuned?: readonly TunedSeries[];
  /** Tuned values for which there is no room. */
  omitted?: number;
  deliveries?: Deliveries;
}
