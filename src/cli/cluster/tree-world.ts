import type { ApiKind, Discovery } from '../../clients/cluster/discovery.ts';
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
