import { formatLabelSelector } from '../../api/label-selector.ts';
import type { CollectionRef, ObjectReader, ObjectRef } from '../../api/readers.ts';
import { apiGroup, type Resource, sortResources } from '../../api/resource.ts';
import { type ApiError, isForbidden, isNotFound } from './api-error.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { ApiKind, Discovery } from './discovery.ts';
import { listPages } from './list-pages.ts';
import { collectionPath, objectPath } from './paths.ts';

interface ClusterReaderOptions {
  /** Reads with the rights of this identity only. */
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  /** Told of every object that is asked for, whether it exists or not. */
  onRead?(ref: ObjectRef, kind: ApiKind): void;
}

/** Objects of one page. */
const PAGE_SIZE = 250;
/** Of a whole list: no set may have more elements than that. */
const LIMIT = { objects: 10_000, characters: 64 * 1024 * 1024 };

/**
 * Creates an ObjectReader of the cluster. An object that is missing is undefined; a kind that is not served and a
 * right that is missing are errors that say what to do.
 */
export function createClusterReader(options: ClusterReaderOptions): ObjectReader {
  return {
    get: (ref, signal) => getObject(ref, options, signal),
    list: (ref, signal) => listObjects(ref, options, signal),
  };
}

async function getObject(
  ref: ObjectRef,
  { client, discovery, onRead }: ClusterReaderOptions,
  signal: AbortSignal,
): Promise<Resource | undefined> {
  const kind = await findKind(ref, discovery, signal);
  onRead?.(ref, kind);
  const path = objectPath(kind, ref.namespace, ref.name);
  try {
    return (await client.request({ method: 'GET', path }, signal)) as Resource;
  } catch (error) {
    if (isForbidden(error)) throw explainForbidden(error, { client, kind, ref });
    if (!isNotFound(error)) throw error;
    // Without the object's name it is the kind that is not there any more.
    if (error.details?.['name'] === undefined) {
      discovery.forget(apiGroup(ref.apiVersion));
      await findKind(ref, discovery, signal);
    }
    return undefined;
  }
}

async function listObjects(
  ref: CollectionRef,
  { client, discovery }: ClusterReaderOptions,
  signal: AbortSignal,
): Promise<Resource[]> {
  const kind = await findKind(ref, discovery, signal);
  const path = collectionPath(kind, ref.namespace);
  const labelSelector = formatLabelSelector(ref.labelSelector ?? {});
  const query: Record<string, string> = labelSelector === '' ? {} : { labelSelector };
  const listing = { client, path, query, accept: 'application/json' };
  try {
    const { items } = await listPages(
      { ...listing, pageSize: PAGE_SIZE, limit: LIMIT },
      // The items of a list do not say what they are.
      (object) => ({ ...object, apiVersion: ref.apiVersion, kind: ref.kind }) as Resource,
      signal,
    );
    return sortResources(items);
  } catch (error) {
    if (isForbidden(error)) throw explainForbidden(error, { client, kind, ref });
    // The kind went while it was asked for: the next pass asks what there is.
    if (isNotFound(error)) discovery.forget(apiGroup(ref.apiVersion));
    throw error;
  }
}

async function findKind(
  ref: Pick<ObjectRef, 'apiVersion' | 'kind'>,
  discovery: Discovery,
  signal: AbortSignal,
): Promise<ApiKind> {
  const kind = await discovery.find(ref.apiVersion, ref.kind, signal);
  if (!kind) throw new Error(`the cluster has no kind ${ref.kind} in ${ref.apiVersion}`);
  return kind;
}

/** What was refused to whom, and the rule that would allow it. */
function explainForbidden(
  error: ApiError,
  { client, kind, ref }: { client: ClusterClient; kind: ApiKind; ref: ObjectRef | CollectionRef },
): Error {
  const who = client.user ?? 'the controller';
  if (
    client.user !== undefined &&
    error.details?.['kind'] === 'serviceaccounts' &&
    kind.plural !== 'serviceaccounts'
  ) {
    return new Error(
      `the controller may not act as ${who}: grant it the verb impersonate on serviceaccounts`,
      {
        cause: error,
      },
    );
  }
  const group = apiGroup(kind.apiVersion);
  const resource = group === '' ? kind.plural : `${kind.plural}.${group}`;
  const [verb, what] = 'name' in ref ? ['get', `${resource}/${ref.name}`] : ['list', resource];
  const { where, role } = describeScope(kind, ref.namespace);
  return new Error(
    `${who} may not ${verb} ${what}${where}: grant it the verb ${verb} on ${resource} by ${role}`,
    {
      cause: error,
    },
  );
}

function describeScope({ namespaced }: ApiKind, namespace: string): { where: string; role: string } {
  if (!namespaced) return { where: '', role: 'a ClusterRole' };
  if (namespace === '') return { where: ' in all namespaces', role: 'a ClusterRole' };
  return { where: ` in namespace ${namespace}`, role: `a Role in namespace ${namespace}` };
}
