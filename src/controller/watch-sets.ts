import type { StoredSet } from './stored-set.ts';

/** Whether a change of the object calls for a look at the set: what the controller itself writes does not. */
export function isOfInterest(before: StoredSet | undefined, after: StoredSet): boolean {
  if (before?.uid !== after.uid) return true;
  return (
    before.generation !== after.generation ||
    before.triggers !== after.triggers ||
    before.deleting !== after.deleting
  );
}
