import { type Fence, NotLeaderError } from './cluster-client.ts';
import type { Limit } from './cluster-client-exchange.ts';

/** Milliseconds by which the server is told to end a write before we may no longer write at all. */
const MARGIN = 1000;

/** A write that waited so long for a connection that the time it would tell the server is too long now. */
export class OutwaitedError extends Error {}

/** What a write is bound by. */
export interface WritePermit {
  /** Whole seconds that the server is told: it does not go on with a write for longer. */
  readonly seconds: number;
  /** To be called right before the write goes to the wire, and again before its last byte. */
  permit?(): Limit;
}

/**
 * How a write may go out: asks the fence now, and again at the last moment. Throws NotLeaderError when writing is
 * over; `permit` throws OutwaitedError when the write must be sent anew with less time.
 */
export function permitWrite(fence: Fence | undefined, timeout: number): WritePermit {
  if (!fence) return { seconds: Math.max(1, Math.round(timeout / 1000)) };
  const seconds = wholeSeconds(Math.min(timeout, fence() - MARGIN));
  return {
    seconds,
    permit() {
      const left = fence();
      if (left < 1000) throw new NotLeaderError();
      if (left < seconds * 1000) throw new OutwaitedError();
      return {
        left,
        fail: () =>
          new NotLeaderError('not the leader any more while a write went on: it may have been carried out'),
      };
    },
  };
}

/** The API server takes no less than a second. */
function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.floor(milliseconds / 1000));
}
