import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { mapLimited } from '../lib/map-limited.ts';
import type { Outcome } from './reconcile.ts';

/** How many targets are worked on at once. */
const CONCURRENCY = 4;

/** The result of one set in a pass over many: an outcome or an error, never both. */
export interface SetResult {
  readonly loaded: LoadedSet;
  readonly outcome?: Outcome;
  readonly error?: Error;
  /** The set says `suspend: true`, and nothing was done. */
  readonly suspended?: boolean;
}

/**
 * One pass over many sets. A set that fails does not stop the others. Sets of one target run one after another,
 * since each moves it; different targets run side by side.
 */
export async function reconcileAll(
  sets: readonly LoadedSet[],
  reconcileSet: (loaded: LoadedSet) => Promise<Outcome>,
  report: (result: SetResult) => void,
): Promise<SetResult[]> {
  const groups = Map.groupBy(sets, ({ set }) => targetKey(set));
  const results = await mapLimited([...groups.values()], CONCURRENCY, async (group) => {
    const done: SetResult[] = [];
    for (const loaded of group) {
      const result = await runSet(loaded, reconcileSet);
      report(result);
      done.push(result);
    }
    return done;
  });
  const bySet = new Map(results.flat().map((result) => [result.loaded, result]));
  return sets.map((loaded) => bySet.get(loaded) as SetResult);
}

async function runSet(
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

/** Equal for sets that deliver to the same place; a sourceRef is taken at its word. */
function targetKey({ metadata, spec }: GeneratorSet): string {
  const { git, directory } = spec.target ?? {};
  const repository = git?.url ?? (git?.sourceRef ? `${metadata.namespace}/${git.sourceRef.name}` : undefined);
  return JSON.stringify([repository, directory?.path]);
}
