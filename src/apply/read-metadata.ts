import { isNotFound } from '../clients/cluster/api-error.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import type { WatchedObject } from '../clients/cluster/shared-watches.ts';
import { toWatchedObject } from '../clients/cluster/watched-object.ts';
import type { JsonObject } from '../lib/json.ts';
import type { AppliedObjects, Place } from './applied-objects.ts';

/** Asks for metadata only; of writes, too, the answer then holds nothing else. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** Reads the metadata of one object; undefined when it is not there. */
export async function readMetadata(
  client: ClusterClient,
  { kind, namespace, name }: Place,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const path = objectPath(kind, namespace, name);
  try {
    return await client.request({ method: 'GET', path, accept: METADATA_ONLY }, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** How the API server has an object now. */
export async function readLive(
  client: ClusterClient,
  place: Place,
  signal: AbortSignal,
): Promise<WatchedObject | undefined> {
  const metadata = await readMetadata(client, place, signal);
  return metadata && toWatchedObject(metadata);
}

/** The object as its watch shows it; read from the server where it may not be watched. */
export function findLive(
  applied: AppliedObjects,
  client: ClusterClient,
  place: Place,
  signal: AbortSignal,
): Promise<WatchedObject | undefined> | WatchedObject | undefined {
  const live = applied.find(place);
  return live === 'unknown' ? readLive(client, place, signal) : live;
}
