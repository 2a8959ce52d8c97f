/** Flux's bounds for retries, in milliseconds. */
const MIN_RETRY_DELAY = 750;
export const MAX_RETRY_DELAY = 15 * 60 * 1000;

/**
 * Milliseconds to wait after so many failures in a row (from 1): doubling from `min` to `max`, less up to a fifth
 * of it by chance so that many sets do not come back together. Source: Flux's rate limiter (750 ms to 15 min).
 */
export function backoff(
  failures: number,
  random: () => number,
  { min = MIN_RETRY_DELAY, max = MAX_RETRY_DELAY }: { min?: number; max?: number } = {},
): number {
  const delay = Math.min(max, min * 2 ** Math.min(failures - 1, 32));
  return delay * (1 - random() / 5);
}

/**
 * The interval and up to 5 % more by chance, so that equal intervals do not meet. Never less: what is as old as its
 * interval must be asked for anew, and what is younger need not be.
 */
export function jitter(interval: number, random: () => number): number {
  return interval * (1 + random() / 20);
}
