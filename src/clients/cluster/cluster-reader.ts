import type { ObjectReader, ObjectRef } from '../../api/readers.ts';
import { apiGroup, type Resource } from '../../api/resource.ts';
import { type ApiError, isForbidden, isNotFound } from './api-error.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { ApiKind, Discovery } from './discovery.ts';
import { objectPath } from './paths.ts';

interface ClusterReaderOptions {
  /** Reads with the rights of this identity only. */
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  /** Told of every object that is asked for, whether it exists or not. */
  onRead?(ref: ObjectRef, kind: ApiKind): void;
}

/**
 * Creates an ObjectReader of the cluster. An object that is missing is undefined; a kind that is not served and a
 * right that is missing are errors that say what to do.
 */
export function createClusterReader({ client, discovery, onRead }: ClusterReaderOptions): ObjectReader {
  return {
    async get(ref, signal) {
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
    },
  };
}

async function findKind(ref: ObjectRef, discovery: Discovery, signal: AbortSignal): Promise<ApiKind> {
  const kind = await discovery.find(ref.apiVersion, ref.kind, signal);
  if (!kind) throw new Error(`the cluster has no kind ${ref.kind} in ${ref.apiVersion}`);
  return kind;
}

/** What was refused to whom, and the rule that would allow it. */
function explainForbidden(
  error: ApiError,
  { client, kind, ref }: { client: ClusterClient; kind: ApiKind; ref: ObjectRef },
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
  const where = kind.namespaced ? ` in namespace ${ref.namespace}` : '';
  const role = kind.namespaced ? `a Role in namespace ${ref.namespace}` : 'a ClusterRole';
  return new Error(
    `${who} may not get ${resource}/${ref.name}${where}: grant it the verb get on ${resource} by ${role}`,
    { cause: error },
  );
}
