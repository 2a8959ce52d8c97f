import type { ClusterSession } from '../cluster-session.ts';
import { type Asking, listSetMetadata, type SetName } from './stored-sets.ts';

/** Which sets a command works on. */
export interface SetChoice {
  readonly names: readonly string[];
  readonly namespace: string;
  readonly all?: boolean;
}

/** The chosen sets, each once. Throws where neither names nor all of them are chosen, and where there is none. */
export async function chooseSets(
  asking: Asking,
  { names, namespace, all = false }: SetChoice,
): Promise<SetName[]> {
  if (names.length > 0 && all) throw new Error('names and --all exclude each other');
  if (names.length > 0) return [...new Set(names)].map((name) => ({ namespace, name }));
  if (!all) throw new Error('which GeneratorSets? name them, or give --all for those of the namespace');
  const sets = await listSetMetadata(asking, { namespace });
  if (sets.length === 0) throw new Error(`no GeneratorSet in namespace ${namespace}`);
  return sets.map(({ name }) => ({ namespace, name: String(name) }));
}

/** Works on one set after the other; a failure is said, the others still have their turn, and then it is thrown. */
export async function forEachSet(
  { printer, signal }: Pick<ClusterSession, 'printer' | 'signal'>,
  sets: readonly SetName[],
  work: (set: SetName) => Promise<void>,
): Promise<void> {
  let failures = 0;
  for (const set of sets) {
    try {
      await work(set);
    } catch (error) {
      if (signal.aborted || sets.length === 1) throw error;
      printer.failure((error as Error).message);
      failures++;
    }
  }
  if (failures > 0) throw new Error(`${failures} of ${sets.length} GeneratorSets failed`);
}
