import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ElectionClock } from './lease-elector.ts';

/** The machine's clocks. */
export const systemElectionClock: ElectionClock = {
  monotonic: () => performance.now(),
  now: () => Date.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => {}),
};

/** A name in elections that no other process has, nor this one after a restart: `<host>_<uuid>`. */
export function createIdentity(): string {
  return `${hostname()}_${randomUUID()}`;
}
