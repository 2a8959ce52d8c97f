/** Runs an action as soon as fewer than the limit are under way, in the order of asking. */
export type Limiter = <Result>(action: () => Promise<Result>) => Promise<Result>;

/** Creates a limiter that lets so many actions run at once. */
export function createLimiter(limit: number): Limiter {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return async (action) => {
    if (underWay >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay++;
    try {
      return await action();
    } finally {
      // The place passes to the next in line, so that nobody can come between.
      const next = waiting.shift();
      if (next) next();
      else underWay--;
    }
  };
}
