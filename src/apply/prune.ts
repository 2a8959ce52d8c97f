import { isConflict } from '../clients/cluster/api-error.ts';
import type { WatchedObject } from '../clients/cluster/shared-watches.ts';
import { isAbort } from './abort.ts';
import type { Place } from './applied-objects.ts';
import { deleteObject } from './apply-object.ts';
import { PARALLEL } from './cluster-access.ts';
import type { ApplyContext } from './decide.ts';
import { type Failure, toFailure } from './failure.ts';
import { inOrder } from './in-order.ts';
import { inParallel } from './in-parallel.ts';
import { isOwnedBy } from './owner.ts';
import { readLive } from './read-metadata.ts';
import type { Removal } from './removals.ts';
import { STAGES } from './stages.ts';
import { isKept } from './steering.ts';

/** What deleting came to. */
export interface Pruned {
  /** Ids of objects that are deleted, or turned out not to be this set's, or to be gone. */
  readonly done: ReadonlySet<string>;
  readonly failures: readonly Failure[];
}

/** A removal that deletes. */
type Deletion = Removal & { readonly place: Place; readonly live: WatchedObject };

/** Deletes objects in the reverse order of stages; what fails is reported, and nothing is left out for it. */
export async function prune(removals: readonly Removal[], context: ApplyContext): Promise<Pruned> {
  const done = new Set<string>();
  const failures: Failure[] = [];
  const deletions = removals.filter(isDeletion);
  for (let stage = STAGES - 1; stage >= 0; stage--) {
    await inParallel(
      deletions.filter((it) => it.stage === stage),
      PARALLEL,
      async (deletion) => {
        try {
          await remove(deletion, context);
          done.add(deletion.entry.id);
        } catch (error) {
          if (isAbort(error, context.signal)) throw error;
          failures.push(toFailure(deletion.place, error, context.client));
        }
      },
    );
  }
  const ids = deletions.map(({ entry }) => entry.id);
  return { done, failures: inOrder(failures, ids, ({ id }) => id) };
}

function isDeletion(removal: Removal): removal is Deletion {
  return removal.action === 'deleted' && removal.place !== undefined && removal.live !== undefined;
}

/** When the object has changed since it was seen, it is looked at once more. */
async function remove({ entry, place, live }: Deletion, context: ApplyContext): Promise<void> {
  const { applied, client, set, signal } = context;
  applied.forget(entry.id);
  const { uid, resourceVersion } = live;
  try {
    await deleteObject(client, place, { uid, resourceVersion }, signal);
  } catch (error) {
    if (!isConflict(error)) throw error;
    const now = await readLive(client, place, signal);
    if (!now || now.uid !== uid || !isOwnedBy(now, set)) return;
    if (isKept(now.annotations))
      throw new Error('annotation generatorset.dev/prune is disabled now', { cause: error });
    await deleteObject(client, place, { uid, resourceVersion: now.resourceVersion }, signal);
  }
}
