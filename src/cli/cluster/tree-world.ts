import type { ApiKind, Discovery } from '../../clients/cluster/discovery.ts';
import { objectPath } from '../../clients/cluster/paths.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { ClusterSession } from '../cluster-session.ts';

/** What a tree is grown with. */
export interface TreeWorld extends Pick<ClusterSession, 'client' | 'printer' | 'log' | 'signal'> {
  readonly discovery: Discovery;
  /** Only kinds of Flux, and GeneratorSets. */
  readonly isCompact: boolean;
}

export const SECRET: ApiKind = {
  apiVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  verbs: [],
};

/** What an object says of what is below it makes no sense; the rest of the tree does. */
export class UnreadableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableError';
  }
}

/** Reads an object that another one names, who may have named it as he likes. */
export async function readNamed(
  { client, signal }: Pick<TreeWorld, 'client' | 'signal'>,
  kind: ApiKind,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<JsonObject> {
  return client.request({ method: 'GET', path: pathOf(kind, namespace, name) }, signal);
}

function pathOf(kind: ApiKind, namespace: string, name: string): string {
  try {
    return objectPath(kind, namespace, name);
  } catch (error) {
    throw new UnreadableError((error as Error).message, { cause: error });
  }
}
