import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { isObject, type JsonObject } from '../lib/json.ts';

/** A request that can't be tried without being done: whoever made it has to tell what it would have done. */
export class NotTriedError extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} is not tried`, options);
    this.name = 'NotTriedError';
  }
}

/**
 * A client that reads as the other one does and writes nothing: the server only tries what is applied and answers with
 * the whole object as it would be, which `onAnswer` is told. Any other write throws a NotTriedError unsent.
 * https://kubernetes.io/docs/reference/using-api/api-concepts#dry-run
 */
export function createDryRunClient(
  client: ClusterClient,
  onAnswer: (object: JsonObject) => void,
): ClusterClient {
  return {
    user: client.user,
    async request(request, signal) {
      const { method, contentType } = request;
      if (method === 'GET') return client.request(request, signal);
      if (method !== 'PATCH' || contentType !== 'application/apply-patch+yaml')
        throw new NotTriedError(`${method} ${request.path}`);
      const query = { ...request.query, dryRun: 'All' };
      const answer = await client.request({ ...request, query, accept: 'application/json' }, signal);
      onAnswer(answer);
      return withVersion(answer);
    },
    stream: (request, signal) => client.stream(request, signal),
    as: (account) => createDryRunClient(client.as(account), onAnswer),
  };
}

/** What would be created has no version yet, which whoever applies expects of an answer. */
function withVersion(answer: JsonObject): JsonObject {
  const metadata = answer['metadata'];
  return {
    ...answer,
    metadata: { uid: 'none', resourceVersion: '0', ...(isObject(metadata) ? metadata : {}) },
  };
}
