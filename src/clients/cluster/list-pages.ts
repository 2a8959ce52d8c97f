import { isObject, type JsonObject, ownValue, stringifyJson } from '../../lib/json.ts';
import type { ClusterClient } from './cluster-client.ts';
import { describePath } from './paths.ts';
import { classifyFailure } from './watch-failure.ts';

/**
 * Asks for the metadata of objects alone, where the server can leave out the rest.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export const METADATA_LIST =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** A collection and how to ask for it. */
export interface Listing {
  readonly client: ClusterClient;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly pageSize: number;
  /** More is an error, at the first page that has it; absent: as much as there is. */
  readonly limit?: { readonly objects: number; readonly characters: number };
}

/** A part of a list. */
interface Page {
  readonly resourceVersion: string;
  readonly items: readonly JsonObject[];
  /** The token of the next page; empty: this is the last one. */
  readonly next: string;
}

/** How often a list is begun anew because its continuation has expired. */
const MAX_ATTEMPTS = 3;
/** More pages than any collection has that fits etcd. */
const MAX_PAGES = 10_000;

/**
 * Reads a whole collection, page by page, as it is now: without a resourceVersion the answer comes from a quorum,
 * never from a server that lags. When a continuation expires midway it begins anew, and throws after three times.
 */
export async function listPages<Item>(
  listing: Listing,
  take: (object: JsonObject) => Item,
  signal: AbortSignal,
): Promise<{ resourceVersion: string; items: Item[] }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listOnce(listing, take, signal);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || classifyFailure(error).kind !== 'expired') throw error;
    }
  }
}

/** The version that a collection has now, for the price of one object. */
export async function readCollectionVersion(listing: Listing, signal: AbortSignal): Promise<string> {
  const page = await readPage({ ...listing, pageSize: 1 }, '', signal);
  return page.resourceVersion;
}

async function listOnce<Item>(
  listing: Listing,
  take: (object: JsonObject) => Item,
  signal: AbortSignal,
): Promise<{ resourceVersion: string; items: Item[] }> {
  const items: Item[] = [];
  let next = '';
  let characters = 0;
  for (let pages = 1; pages <= MAX_PAGES; pages++) {
    const page = await readPage(listing, next, signal);
    for (const item of page.items) items.push(take(item));
    if (listing.limit) characters += stringifyJson([...page.items]).length;
    checkLimit(listing, items.length, characters);
    if (page.next === '') return { resourceVersion: page.resourceVersion, items };
    next = page.next;
  }
  throw new Error(`the list of ${listing.path} has no end`);
}

function checkLimit({ path, limit }: Listing, objects: number, characters: number): void {
  if (!limit || (objects <= limit.objects && characters <= limit.characters)) return;
  const what =
    objects > limit.objects
      ? `more than ${limit.objects} objects`
      : `more than ${limit.characters} characters`;
  throw new Error(`${describePath(path)}: ${what}; a label selector may take fewer`);
}

/** Reads one page; an empty token is that of the first one. */
export async function readPage(
  { client, path, query, accept, pageSize }: Listing,
  next: string,
  signal: AbortSignal,
): Promise<Page> {
  const page = { limit: String(pageSize), ...(next && { continue: next }) };
  const answer = await client.request({ method: 'GET', path, query: { ...query, ...page }, accept }, signal);
  const metadata = ownValue(answer, 'metadata');
  const fields = isObject(metadata) ? metadata : {};
  const { resourceVersion } = fields;
  // Go writes a list without elements as null.
  const items = ownValue(answer, 'items') ?? [];
  if (typeof resourceVersion !== 'string' || resourceVersion === '' || !Array.isArray(items))
    throw new Error(`the answer to the list of ${path} is no list`);
  const token = ownValue(fields, 'continue');
  return {
    resourceVersion,
    items: items.filter(isObject),
    next: typeof token === 'string' ? token : '',
  };
}
