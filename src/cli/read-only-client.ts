import { describeRequest } from '../clients/cluster/api-error.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';

/** A client that sends nothing that could change the cluster, for commands that only look; messages name its user. */
export function createReadOnlyClient(client: ClusterClient, user: string | undefined): ClusterClient {
  return {
    user,
    async request(request, signal) {
      const isTried = request.query?.['dryRun'] === 'All';
      if (request.method !== 'GET' && !isTried) {
        throw new Error(`${describeRequest(request)}: this command changes nothing, and does not send it`);
      }
      return client.request(request, signal);
    },
    stream: (request, signal) => client.stream(request, signal),
    as: (account) => {
      const other = client.as(account);
      return createReadOnlyClient(other, other.user);
    },
  };
}
