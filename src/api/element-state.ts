/** What became of one element in a pass. */
export interface ElementState {
  /** The element's key, or its place where the set has no keys. */
  readonly key: string;
  /** Held: its resources, or a tuned value of it, stay as they were, since what it gives now cannot be used. */
  readonly phase: 'Ready' | 'Held';
  /** One word: `Reconciled`, a hold reason, `RenderFailed`. */
  readonly reason: string;
  /** A sentence for people; stable while nothing changes. */
  readonly message: string;
}
