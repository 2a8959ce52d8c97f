import { apiGroup } from '../../api/resource.ts';
import { isObject, type JsonValue, ownValue } from '../../lib/json.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import { isNotFound } from './api-error.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { ApiKind } from './discovery-kind.ts';
import { versionPath } from './paths.ts';

export type { ApiKind } from './discovery-kind.ts';

/** Which kinds the API server has; asked once for each group and version, and again when something is missing. */
export interface Discovery {
  /** Undefined when the server, asked freshly (at most every few seconds), has no such kind. */
  find(apiVersion: string, kind: string, signal: AbortSignal): Promise<ApiKind | undefined>;
  /** Forgets a group, because a CustomResourceDefinition has changed or a path was not found. */
  forget(group: string): void;
}

/** What discovery needs beside a client. */
interface DiscoveryOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Milliseconds between two questions about one group and version that did not have what was looked for. */
const MIN_AGE = 2000;
/** Groups and versions that are remembered; a set may name any, so that there must be an end. */
const MAX_VERSIONS = 1000;

/** One list of kinds as it was asked for. */
interface Asked {
  readonly at: number;
  readonly kinds: Promise<ReadonlyMap<string, ApiKind>>;
}

/** Creates a Discovery that asks with this client, whose identity needs no more rights than any user has. */
export function createDiscovery(client: ClusterClient, { now }: DiscoveryOptions): Discovery {
  const asked = new Map<string, Asked>();

  function ask(apiVersion: string): Asked {
    const entry: Asked = { at: now(), kinds: readKinds(client, apiVersion) };
    asked.delete(apiVersion);
    asked.set(apiVersion, entry);
    for (const oldest of asked.keys()) {
      if (asked.size <= MAX_VERSIONS) break;
      asked.delete(oldest);
    }
    // A failure is not remembered: the next who asks tries again.
    entry.kinds.catch(() => {
      if (asked.get(apiVersion) === entry) asked.delete(apiVersion);
    });
    return entry;
  }

  return {
    async find(apiVersion, kind, signal) {
      const known = asked.get(apiVersion);
      const found = known && (await untilAborted(known.kinds, signal)).get(kind);
      if (found) return found;
      const newest = asked.get(apiVersion);
      const isRecent = newest !== undefined && now() - newest.at < MIN_AGE;
      const { kinds } = isRecent ? newest : ask(apiVersion);
      return (await untilAborted(kinds, signal)).get(kind);
    },
    forget(group) {
      for (const apiVersion of asked.keys()) if (apiGroup(apiVersion) === group) asked.delete(apiVersion);
    },
  };
}

/** The kinds of a group and version; none where the server does not serve it. */
async function readKinds(client: ClusterClient, apiVersion: string): Promise<ReadonlyMap<string, ApiKind>> {
  try {
    // Bounded by the client's own timeout: nobody's abort may end the question of others.
    const list = await client.request(
      { method: 'GET', path: versionPath(apiVersion) },
      new AbortController().signal,
    );
    return readResourceList(apiVersion, ownValue(list, 'resources'));
  } catch (error) {
    if (isNotFound(error)) return new Map();
    throw error;
  }
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts: an APIResourceList; subresources are left out. */
function readResourceList(apiVersion: string, resources: JsonValue | undefined): Map<string, ApiKind> {
  const kinds = new Map<string, ApiKind>();
  for (const resource of Array.isArray(resources) ? resources.filter(isObject) : []) {
    const { name, kind, namespaced, verbs } = resource;
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/') || kinds.has(kind))
      continue;
    const known = Array.isArray(verbs) ? verbs.filter((it) => typeof it === 'string') : [];
    kinds.set(kind, { apiVersion, kind, plural: name, namespaced: namespaced === true, verbs: known });
  }
  return kinds;
}
