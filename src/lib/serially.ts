import { untilAborted } from './until-aborted.ts';

const tails = new Map<string, Promise<unknown>>();

/**
 * Runs an action when all earlier ones under the same key have ended: one fetch then serves all who wait. Who is
 * aborted waits no longer, and the action is not begun; one that has begun has to look at the signal itself.
 */
export async function serially<Result>(
  key: string,
  action: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const before = tails.get(key) ?? Promise.resolve();
  const begin = (): Promise<Result> => {
    signal?.throwIfAborted();
    return action();
  };
  // A failure of the one before is its own caller's affair.
  const turn = before.then(begin, begin);
  tails.set(key, turn);
  const end = (): void => {
    if (tails.get(key) === turn) tails.delete(key);
  };
  turn.then(end, end);
  if (signal) await untilAborted(before.then(ignore, ignore), signal);
  return turn;
}

function ignore(): void {}
