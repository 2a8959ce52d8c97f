import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { systemWatchClock } from '../clients/cluster/watch-clock.ts';
import type { ElectionClock } from './lease-elector.ts';

/** The machine's clocks. */
export const systemElectionClock: ElectionClock = { ...systemWatchClock, now: () => Date.now() };

/** A name in elections that no other process has, nor this one after a restart: `<host>_<uuid>`. */
export function createIdentity(): string {
  return `${hostname()}_${randomUUID()}`;
}
