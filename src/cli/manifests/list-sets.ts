import { GROUP, PLURAL, VERSION } from '../../api/crd.ts';
import { isNotFound } from '../../clients/cluster/api-error.ts';
import type { ClusterClient } from '../../clients/cluster/cluster-client.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';

/** Objects of a page. */
const PAGE = 500;
/** Only metadata is asked for: https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const ACCEPT = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** The metadata of all sets of the cluster; none where it does not know the kind. */
export async function listSets(client: ClusterClient, signal: AbortSignal): Promise<JsonObject[]> {
  const sets: JsonObject[] = [];
  let next = '';
  do {
    const page = await readPage(client, next, signal);
    const items = ownValue(page, 'items');
    if (Array.isArray(items)) {
      for (const item of items) if (isObject(item)) sets.push(ownValue(item, 'metadata') as JsonObject);
    }
    const metadata = ownValue(page, 'metadata');
    next = isObject(metadata) ? String(ownValue(metadata, 'continue') ?? '') : '';
  } while (next !== '');
  return sets;
}

async function readPage(client: ClusterClient, next: string, signal: AbortSignal): Promise<JsonObject> {
  const path = `/apis/${GROUP}/${VERSION}/${PLURAL}`;
  const query = { limit: String(PAGE), ...(next !== '' && { continue: next }) };
  try {
    return await client.request({ method: 'GET', path, query, accept: ACCEPT }, signal);
  } catch (error) {
    if (isNotFound(error)) return {};
    throw error;
  }
}
