import { StalledError } from '../api/errors.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';

/** Whom sets act as where they do not say. */
export interface AccountRules {
  readonly client: ClusterClient;
  /** `--default-service-account`, in the namespace of each set; undefined: the controller itself. */
  readonly defaultServiceAccount?: string;
}

/** The name of the service account that a set acts as; undefined: the controller's own identity. */
export function accountName(
  serviceAccountName: unknown,
  { defaultServiceAccount }: AccountRules,
): string | undefined {
  if (serviceAccountName === undefined) return defaultServiceAccount;
  // An empty identity would be the controller's own.
  if (typeof serviceAccountName === 'string' && serviceAccountName.trim() !== '') return serviceAccountName;
  throw new StalledError(
    'ServiceAccountRequired',
    'spec.serviceAccountName: is empty; name one or leave it out',
  );
}

/** The cluster as the identity of a set: every read and write that is done for it goes through this. */
export function clientFor({ metadata, spec }: GeneratorSet, rules: AccountRules): ClusterClient {
  const name = accountName(spec.serviceAccountName, rules);
  return name === undefined ? rules.client : rules.client.as({ namespace: metadata.namespace, name });
}
