import { setTimeout as delay } from 'node:timers/promises';

/** Time, handed in. */
export interface WatchClock {
  /** Milliseconds that never jump. */
  monotonic(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemWatchClock: WatchClock = {
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => {}),
};
