import { randomBytes } from 'node:crypto';
import type { Ambient } from '../render/functions/ambient.ts';

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** The clock and randomness of this machine, for templates that have permission. */
export const systemAmbient: Ambient = {
  now: () => BigInt(Date.now()) * NANOSECONDS_PER_MILLISECOND,
  randomBytes,
};
