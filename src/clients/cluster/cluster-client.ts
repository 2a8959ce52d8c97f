import type { JsonObject, JsonValue } from '../../lib/json.ts';

/** A service account; requests made as it go to the API server with `Impersonate-User`. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

/** One request to the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path from the root, its segments encoded: `/api/v1/namespaces/default/configmaps/a`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: JsonValue;
  /** Default: application/json. */
  readonly contentType?: string;
  /** Default: application/json. */
  readonly accept?: string;
  /** Milliseconds for the whole exchange; default 30 s. */
  readonly timeout?: number;
}

/** The body of a watch, as it arrives. */
export interface ApiStream {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the connection at once. */
  destroy(): void;
}

/**
 * Requests to one API server as one identity. Everything is bounded in time and size; a 401 is tried once more with
 * fresh credentials, a 429 with Retry-After and a broken connection before any answer (GET only) a few times; every
 * other refusal is an ApiError. Writes pass the fence right before they go to the wire.
 */
export interface ClusterClient {
  /** Whom the server sees: `system:serviceaccount:<namespace>:<name>` when impersonating, else undefined. */
  readonly user: string | undefined;
  /** The answer's JSON. */
  request(request: ApiRequest, signal: AbortSignal): Promise<JsonObject>;
  /** Opens a watch: resolves once the server has answered 200. Has no timeout of its own. */
  stream(request: ApiRequest, signal: AbortSignal): Promise<ApiStream>;
  /** The same server as a service account, on the same connections. Throws a StalledError for an empty name. */
  as(account: ServiceAccount): ClusterClient;
}

/** How long writes may go on from now. Throws NotLeaderError when they may not at all. */
export type Fence = () => number;

/** Another process may be the leader now: nothing may be written. */
export class NotLeaderError extends Error {
  constructor(message = 'not the leader: nothing is written', options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotLeaderError';
  }
}
