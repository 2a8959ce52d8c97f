import { LimitFault, withoutTime } from '../values/meter.ts';

/** What a render may take from the world beside its data: both are handed in, never read. */
export interface Ambient {
  /** The present time in nanoseconds since 1970. */
  readonly now: () => bigint;
  /** Bytes that nobody can guess. */
  readonly randomBytes: (count: number) => Uint8Array;
}

/** What costly functions may cost together, in one render or in all those of a set; 1 is about 100 ms of a processor. */
const MAX_COST = 60;
const TOO_COSTLY =
  'all templates and elements of a set together may make 15 certificates with their RSA keys, 3 RSA keys of ' +
  '4,096 bits, 20 passwords with derivePassword, or 60 password hashes; make more of them elsewhere';

/** A render is synchronous, so there is one at a time. */
const current: { ambient: Ambient | undefined; depth: number; cost: number } = {
  ambient: undefined,
  depth: 0,
  cost: 0,
};

/** Runs renders with a clock and randomness, or without; what they cost is counted for all of them together. */
export function withAmbient<T>(ambient: Ambient | undefined, action: () => T): T {
  const outer = current.ambient;
  if (current.depth === 0) current.cost = 0;
  current.ambient = ambient;
  current.depth++;
  try {
    return action();
  } finally {
    current.ambient = outer;
    current.depth--;
  }
}

/** Begins one program: outside of `withAmbient` each has its own costs. */
export function resetCost(): void {
  if (current.depth === 0) current.cost = 0;
}

/** Runs something costly outside of the render's time, or refuses it; `cost` is in units of about 100 ms. */
export function spendCost<T>(cost: number, action: () => T): T {
  current.cost += cost;
  if (current.cost > MAX_COST)
    throw new LimitFault(`too many passwords, keys and certificates: ${TOO_COSTLY}`);
  return withoutTime(action);
}

/** The clock and randomness of the present render; undefined when it has none. */
export function currentAmbient(): Ambient | undefined {
  return current.ambient;
}

/** The present time in nanoseconds since 1970. Throws without permission. */
export function ambientNow(): bigint {
  return requireAmbient().now();
}

/** Random bytes. Throws without permission; the caller bounds their count. */
export function ambientBytes(count: number): Uint8Array {
  return requireAmbient().randomBytes(count);
}

/** The clock and randomness of the present render. Throws when it has none. */
export function requireAmbient(): Ambient {
  if (current.ambient !== undefined) return current.ambient;
  throw new Error('there is no clock and no randomness here: set spec.allowNonDeterministic: true');
}
