import type { ObjectReader } from './readers.ts';

/** Where objects that a spec names are looked for: the namespace of the set, never another. */
export interface ObjectPlace {
  readonly namespace: string;
  readonly objects: ObjectReader;
  readonly signal: AbortSignal;
}
