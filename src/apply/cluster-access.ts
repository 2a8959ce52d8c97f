import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { Discovery } from '../clients/cluster/discovery.ts';
import type { SharedWatches } from '../clients/cluster/shared-watches.ts';

/** The cluster as a set may use it: everything goes as the set's own identity. */
export interface ClusterAccess {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly watches: SharedWatches;
}

/** Requests that one set has under way at most. */
export const PARALLEL = 16;

/** Who owns the fields that are applied. */
export const FIELD_MANAGER = 'generatorset';
