import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import { readMetadata, type SetMetadata } from './set-identity.ts';
import { type PatchOperation, patchSet, type SetPatched } from './set-patch.ts';

/** Keeps a deleted set until its resources are dealt with. */
export const FINALIZER = 'generatorset.dev/finalizer';

/** Whether a set, as the API server gives it, has our finalizer. */
export function hasFinalizer(object: JsonObject): boolean {
  return readMetadata(object).finalizers?.includes(FINALIZER) ?? false;
}

/**
 * Adds our finalizer, in one request where the set is as it was seen, and in none where it has it or is being
 * deleted.
 */
export function addFinalizer(
  client: ClusterClient,
  object: JsonObject,
  signal: AbortSignal,
): Promise<SetPatched> {
  return setFinalizers(client, object, { signal, change: addTo });
}

/** Lets a deleted set go; one that is gone already is well. */
export function removeFinalizer(
  client: ClusterClient,
  object: JsonObject,
  signal: AbortSignal,
): Promise<SetPatched> {
  return setFinalizers(client, object, { signal, change: removeFrom });
}

interface FinalizerChange {
  readonly signal: AbortSignal;
  change(seen: SetMetadata): readonly string[];
}

/**
 * The finalizers that were seen are tested, not the resourceVersion: a set whose labels others keep changing is no
 * obstacle.
 */
function setFinalizers(
  client: ClusterClient,
  object: JsonObject,
  { signal, change }: FinalizerChange,
): Promise<SetPatched> {
  const operations = (current: JsonObject = object): PatchOperation[] => {
    const seen = readMetadata(current);
    const wanted = change(seen);
    const path = '/metadata/finalizers';
    if (wanted.length === (seen.finalizers?.length ?? 0)) return [];
    return [
      { op: 'test', path, value: seen.finalizers ? [...seen.finalizers] : null },
      { op: 'add', path, value: [...wanted] },
    ];
  };
  return patchSet(client, { set: readMetadata(object), operations }, signal);
}

/** The API server refuses new finalizers on what is being deleted. */
function addTo({ finalizers = [], isDeleting }: SetMetadata): readonly string[] {
  return isDeleting || finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER];
}

function removeFrom({ finalizers = [] }: SetMetadata): readonly string[] {
  return finalizers.filter((finalizer) => finalizer !== FINALIZER);
}
