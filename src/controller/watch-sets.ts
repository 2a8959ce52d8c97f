import { toName } from './set-key.ts';
import type { StoredSet } from './stored-set.ts';
import type { Workshop } from './work-on-sets.ts';

/** Whether a change of the object calls for a look at the set: what the controller itself writes does not. */
function isOfInterest(before: StoredSet | undefined, after: StoredSet): boolean {
  if (before?.uid !== after.uid) return true;
  return (
    before.generation !== after.generation ||
    before.triggers !== after.triggers ||
    before.deleting !== after.deleting
  );
}

/** Whom a change of a set concerns. */
interface Followers {
  readonly parts: { readonly [Name in 'status' | 'checkpoint']: Pick<Workshop['parts'][Name], 'forget'> } & {
    readonly status: Pick<Workshop['parts']['status'], 'seen'>;
  };
  readonly runtimes: Pick<Workshop['runtimes'], 'leave'>;
  readonly queue: Pick<Workshop['queue'], 'add' | 'forget'>;
  readonly metrics: Pick<Workshop['metrics'], 'describe' | 'forget'>;
}

/** What is done when a set has come, changed or gone; a list that is made again may bring another of its name at once. */
export function followSets({ parts, runtimes, queue, metrics }: Followers) {
  return (key: string, before: StoredSet | undefined, after: StoredSet | undefined): void => {
    if (after) parts.status.seen(after.uid, after.resourceVersion);
    if (before && before.uid !== after?.uid) {
      parts.status.forget(before.uid);
      parts.checkpoint.forget(before.uid);
      metrics.forget(toName(key));
    }
    if (before && (before.uid !== after?.uid || after.deleting)) runtimes.leave(key, before);
    if (after) metrics.describe(toName(key), after.info);
    if (after && !isOfInterest(before, after)) return;
    // Whatever failed was another spec, and its delay is void.
    queue.forget(key);
    queue.add(key);
  };
}
