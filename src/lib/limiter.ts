import { untilAborted } from './until-aborted.ts';

/**
 * Runs an action as soon as fewer than the limit are under way, in the order of asking. Who is aborted waits no longer,
 * and the action is not begun.
 */
export type Limiter = <Result>(action: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

/** Creates a limiter that lets so many actions run at once. */
export function createLimiter(limit: number): Limiter {
  let underWay = 0;
  const waiting: (() => void)[] = [];

  async function takePlace(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (underWay < limit) {
      underWay++;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (!signal) return promise;
    try {
      await untilAborted(promise, signal);
    } catch (error) {
      const at = waiting.indexOf(resolve);
      // One that has been given its place just now passes it on.
      if (at < 0) leave();
      else waiting.splice(at, 1);
      throw error;
    }
  }

  /** The place passes to the next in line, so that nobody can come between. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else underWay--;
  }

  return async (action, signal) => {
    await takePlace(signal);
    try {
      return await action();
    } finally {
      leave();
    }
  };
}
