const tails = new Map<string, Promise<unknown>>();

/** Runs an action when all earlier ones under the same key have ended: one fetch then serves all who wait. */
export async function serially<Result>(key: string, action: () => Promise<Result>): Promise<Result> {
  const before = tails.get(key);
  // A failure of the one before is its own caller's affair.
  const turn = (before ?? Promise.resolve()).then(action, action);
  tails.set(key, turn);
  try {
    return await turn;
  } finally {
    if (tails.get(key) === turn) tails.delete(key);
  }
}
