import type { LoadedSet } from '../api/read-sets.ts';
import { createLimiter } from '../lib/limiter.ts';
import type { Outcome } from './reconcile.ts';

/** How many sets are worked on at once; most of that is waiting for answers. */
export const CONCURRENCY = 16;

/** The result of one set: an outcome or an error, never both. */
export interface SetResult {
  readonly loaded: LoadedSet;
  readonly outcome?: Outcome;
  readonly error?: Error;
  /** The set says `suspend: true`, and nothing was done. */
  readonly suspended?: boolean;
}

/** One pass over many sets, side by side. A set that fails or is slow does not stop the others. */
export async function reconcileAll(
  sets: readonly LoadedSet[],
  reconcileSet: (loaded: LoadedSet) => Promise<Outcome>,
  report: (result: SetResult) => void,
): Promise<SetResult[]> {
  const limit = createLimiter(CONCURRENCY);
  const run = async (loaded: LoadedSet): Promise<SetResult> => {
    const result = await limit(() => runSet(loaded, reconcileSet));
    report(result);
    return result;
  };
  return Promise.all(sets.map(run));
}

/** One pass over one set, whose failure is a result. */
export async function runSet(
  loaded: LoadedSet,
  reconcileSet: (loaded: LoadedSet) => Promise<Outcome>,
): Promise<SetResult> {
  if (loaded.set.spec.suspend) return { loaded, suspended: true };
  try {
    return { loaded, outcome: await reconcileSet(loaded) };
  } catch (error) {
    return { loaded, error: error as Error };
  }
}
