import { isNotFound } from '../../clients/cluster/api-error.ts';
import { listPages } from '../../clients/cluster/list-pages.ts';
import { collectionPath, objectPath } from '../../clients/cluster/paths.ts';
import type { JsonObject } from '../../lib/json.ts';
import { suggest } from '../../lib/suggest.ts';
import { SET_KIND } from '../../status/kinds.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';

/** Objects of a page, as kubectl asks for them. */
export const PAGE_SIZE = 500;

/** What is needed to ask the API server. */
export type Asking = Pick<ClusterSession, 'client' | 'signal'>;

/** A set as people name it. */
export interface SetName {
  readonly namespace: string;
  readonly name: string;
}

/** Which sets are meant; an empty namespace means those of all. */
export interface SetSelection {
  readonly namespace: string;
  readonly name?: string;
  readonly labelSelector?: string;
}

/** Reads a set. Throws a sentence that names the closest where there is none of this name. */
export async function readSet({ client, signal }: Asking, { namespace, name }: SetName): Promise<JsonObject> {
  try {
    return await client.request({ method: 'GET', path: objectPath(SET_KIND, namespace, name) }, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw await missingSet({ client, signal }, { namespace, name }, error);
  }
}

/** Lists sets, page by page, in the order of the API server: by namespace, then by name. */
export async function listStoredSets(
  { client, signal }: Asking,
  selection: SetSelection,
): Promise<JsonObject[]> {
  const listing = {
    client,
    path: setsPath(selection),
    query: selectionQuery(selection),
    accept: 'application/json',
    pageSize: PAGE_SIZE,
  };
  try {
    // The items of a list have no kind of their own.
    const typed = (item: JsonObject): JsonObject => ({
      apiVersion: SET_KIND.apiVersion,
      kind: SET_KIND.kind,
      ...item,
    });
    return (await listPages(listing, typed, signal)).items;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Error('the cluster does not know GeneratorSets: run generatorset install', { cause: error });
  }
}

/** The path of all sets that may be meant. */
export function setsPath({ namespace }: SetSelection): string {
  return collectionPath(SET_KIND, namespace);
}

/** The part of the selection that the API server applies. */
export function selectionQuery({ name, labelSelector }: SetSelection): Record<string, string> {
  return {
    ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
    ...(labelSelector !== undefined && { labelSelector }),
  };
}

/** The error of a name that no set has; it looks for the one that was meant, where that is allowed. */
export async function missingSet(
  { client, signal }: Asking,
  { namespace, name }: SetName,
  cause?: unknown,
): Promise<Error> {
  const names = await namesIn({ client, signal }, namespace);
  if (names instanceof Error) return names;
  const close = suggest(name, names);
  const where = namespace === '' ? 'any namespace' : `namespace ${namespace}`;
  const advice = close === undefined ? 'generatorset get -A lists them' : `did you mean ${close}?`;
  return new Error(`GeneratorSet ${JSON.stringify(name.slice(0, 253))} is not in ${where}: ${advice}`, {
    cause,
  });
}

/** An error where the cluster has no such kind; no names where they may not be listed. */
async function namesIn(asking: Asking, namespace: string): Promise<string[] | Error> {
  try {
    const sets = await listStoredSets(asking, { namespace });
    return sets.map((set) => String(metadataOf(set)['name']));
  } catch (error) {
    asking.signal.throwIfAborted();
    return isNotFound((error as Error).cause) ? (error as Error) : [];
  }
}
