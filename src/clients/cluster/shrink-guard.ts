import { createLimiter } from '../../lib/limiter.ts';
import type { Listing } from './list-pages.ts';
import { readPage } from './list-pages.ts';

/** Objects that may vanish between two lists without a question. */
const MIN_VANISHED = 10;
/** Requests at a time. */
const CONCURRENCY = 4;

/** Whether so many objects vanished from a list that it must not be believed without looking. */
export function isSuspicious(vanished: number, known: number): boolean {
  return vanished > MIN_VANISHED && vanished > known / 2;
}

/**
 * Asks for objects that a list no longer has, one by one, and gives the number of those that exist. A list may be
 * empty because of a fault of the server or its storage, and whoever believes it deletes the world.
 */
export async function countExisting(
  listing: Listing,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const limit = createLimiter(CONCURRENCY);
  const answers = await Promise.all(keys.map((key) => limit(() => exists(listing, key, signal))));
  return answers.filter(Boolean).length;
}

/** Whether an object is there, and selected where the collection is: labels may have changed. */
async function exists(listing: Listing, key: string, signal: AbortSignal): Promise<boolean> {
  const { client, query } = listing;
  const path = pathOf(listing.path, key);
  try {
    await client.request({ method: 'GET', path, accept: METADATA_ONLY }, signal);
  } catch (error) {
    const { status } = error as { status?: number };
    if (status === 404) return false;
    // Rights to list and watch may come without the right to get.
    if (status !== 403) throw error;
    return isListed(listing, key, signal);
  }
  return Object.keys(query).length === 0 || isListed(listing, key, signal);
}

async function isListed(listing: Listing, key: string, signal: AbortSignal): Promise<boolean> {
  const { name, namespace } = splitKey(key);
  const fields = [listing.query['fieldSelector'], `metadata.name=${name}`];
  const query = { ...listing.query, fieldSelector: fields.filter(Boolean).join(',') };
  const path = namespace === undefined ? listing.path : collectionIn(listing.path, namespace);
  const { items } = await readPage({ ...listing, path, query, pageSize: 1 }, '', signal);
  return items.length > 0;
}

/** Metadata suffice; a server that cannot give them alone gives the object. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

function pathOf(collection: string, key: string): string {
  const { name, namespace } = splitKey(key);
  const path = namespace === undefined ? collection : collectionIn(collection, namespace);
  return `${path}/${encodeURIComponent(name)}`;
}

function splitKey(key: string): { name: string; namespace?: string } {
  const slash = key.indexOf('/');
  if (slash === -1) return { name: key };
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The collection of one namespace, from its own path or from that of all namespaces. */
function collectionIn(path: string, namespace: string): string {
  const slash = path.lastIndexOf('/');
  const base = path.slice(0, slash);
  const within = `/namespaces/${encodeURIComponent(namespace)}`;
  return base.endsWith(within) ? path : `${base}${within}${path.slice(slash)}`;
}
