import { API_VERSION, KIND } from '../api/generatorset-schema.ts';
import type { ApiKind } from '../clients/cluster/discovery.ts';

/** How the API server serves sets. */
export const SET_KIND: ApiKind = {
  apiVersion: API_VERSION,
  kind: KIND,
  plural: 'generatorsets',
  namespaced: true,
  verbs: [],
};

export const CONFIG_MAP: ApiKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: [],
};

export const EVENT: ApiKind = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  verbs: [],
};

/** As whom managedFields know the writer of status, finalizers and shards. */
export const FIELD_MANAGER = 'generatorset-status';
