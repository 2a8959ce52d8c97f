import { isNotFound } from '../../clients/cluster/api-error.ts';
import { listPages, METADATA_LIST } from '../../clients/cluster/list-pages.ts';
import { collectionPath, objectPath } from '../../clients/cluster/paths.ts';
import type { JsonObject } from '../../lib/json.ts';
import { suggest } from '../../lib/suggest.ts';
import { SET_KIND } from '../../status/kinds.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';

/** Objects of a page, as kubectl asks for them. */
export const PAGE_SIZE = 500;

/** What is needed to ask the API server for sets, and to say what to do where there is none. */
export type Asking = Pick<ClusterSession, 'client' | 'program' | 'signal'>;

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

/** No set has this name. */
export class MissingSetError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MissingSetError';
  }
}

/** Reads a set. Throws a sentence that names the closest where there is none of this name. */
export async function readSet(asking: Asking, { namespace, name }: SetName): Promise<JsonObject> {
  const { client, signal } = asking;
  try {
    return await client.request({ method: 'GET', path: objectPath(SET_KIND, namespace, name) }, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw await missingSet(asking, { namespace, name }, error);
  }
}

/**
 * Lists sets, page by page, in the order of the API server: by namespace, then by name. Only what is taken of a set is
 * kept: thousands of them are too much for a table of a few columns.
 */
export function listStoredSets<Item>(
  asking: Asking,
  selection: SetSelection,
  take: (set: JsonObject) => Item,
): Promise<Item[]> {
  // The items of a list have no kind of their own.
  const { apiVersion, kind } = SET_KIND;
  const takeTyped = (item: JsonObject): Item => take({ apiVersion, kind, ...item });
  return listWith(asking, selection, { accept: 'application/json', take: takeTyped });
}

/** The metadata of sets; nothing else is asked for. */
export function listSetMetadata(asking: Asking, selection: SetSelection): Promise<JsonObject[]> {
  return listWith(asking, selection, { accept: METADATA_LIST, take: metadataOf });
}

async function listWith<Item>(
  { client, program, signal }: Asking,
  selection: SetSelection,
  { accept, take }: { accept: string; take: (item: JsonObject) => Item },
): Promise<Item[]> {
  const path = setsPath(selection);
  const listing = { client, path, query: selectionQuery(selection), accept, pageSize: PAGE_SIZE };
  try {
    return (await listPages(listing, take, signal)).items;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Error(`the cluster does not know GeneratorSets: run ${program} install`, { cause: error });
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
  asking: Asking,
  { namespace, name }: SetName,
  cause?: unknown,
): Promise<Error> {
  const names = await namesIn(asking, namespace);
  if (names instanceof Error) return names;
  const close = suggest(name, names);
  const where = namespace === '' ? 'any namespace' : `namespace ${namespace}`;
  const advice = close === undefined ? `${asking.program} get -A lists them` : `did you mean ${close}?`;
  const what = `GeneratorSet ${JSON.stringify(name.slice(0, 253))}`;
  return new MissingSetError(`${what} is not in ${where}: ${advice}`, { cause });
}

/** An error where the cluster has no such kind; no names where they may not be listed. */
async function namesIn(asking: Asking, namespace: string): Promise<string[] | Error> {
  try {
    const sets = await listSetMetadata(asking, { namespace });
    return sets.map(({ name }) => String(name));
  } catch (error) {
    asking.signal.throwIfAborted();
    return isNotFound((error as Error).cause) ? (error as Error) : [];
  }
}
