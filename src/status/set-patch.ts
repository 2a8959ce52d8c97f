import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, isInvalid, isNotFound } from '../clients/cluster/api-error.ts';
import type { ApiRequest, ClusterClient } from '../clients/cluster/cluster-client.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import { backoff } from '../lib/backoff.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { FIELD_MANAGER, SET_KIND } from './kinds.ts';
import type { SetIdentity } from './set-identity.ts';

const MAX_TRIES = 5;
/** Milliseconds of the first pause and of the longest. */
const PAUSES = { min: 100, max: 2000 };

/** One operation of RFC 6902. */
export type PatchOperation = { readonly op: 'add' | 'test' | 'remove' | 'replace'; readonly path: string } & {
  readonly value?: JsonValue;
};

/** A change to a set that stands in the cluster. */
export interface SetPatch {
  readonly set: SetIdentity;
  readonly subresource?: 'status';
  /** Made for the set as it is at each try; undefined until it had to be read. */
  operations(current: JsonObject | undefined): readonly PatchOperation[];
}

/** What a patch came to. */
export type SetPatched =
  /** This very set is gone, also where another one of its name has come. */
  | { readonly isGone: true }
  /** The set as it is now; absent where nothing had to be changed. */
  | { readonly isGone: false; readonly object?: JsonObject };

/**
 * Changes a set in one request. It is a JSON patch that tests the uid, so it never conflicts with what others
 * write into other fields: the API server itself carries it over. Where it is refused all the same, the set is read
 * again and the change made for it anew, at most 5 times.
 */
export async function patchSet(
  client: ClusterClient,
  patch: SetPatch,
  signal: AbortSignal,
): Promise<SetPatched> {
  let current: JsonObject | undefined;
  for (let tries = 1; ; tries++) {
    const operations = patch.operations(current);
    if (operations.length === 0) return { isGone: false, ...(current && { object: current }) };
    const outcome = await tryPatch(client, toRequest(patch, operations), signal);
    if ('isGone' in outcome) return outcome;
    if (tries === MAX_TRIES) throw outcome.refusal;
    current = await readSet(client, patch.set, signal);
    if (!current) return { isGone: true };
    // It is the same set: so it is not its identity that the server refuses, and nothing else is tested.
    if (isInvalid(outcome.refusal) && patch.subresource === 'status') throw outcome.refusal;
    await delay(backoff(tries, Math.random, PAUSES), undefined, { signal });
  }
}

/** One try; throws what another try cannot help. */
async function tryPatch(
  client: ClusterClient,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<SetPatched | { readonly refusal: ApiError }> {
  try {
    return { isGone: false, object: await client.request(request, signal) };
  } catch (error) {
    if (isNotFound(error)) return { isGone: true };
    if (!mayPass(error)) throw error;
    return { refusal: error };
  }
}

/** The set as it is now; undefined when it is gone or another one. */
async function readSet(
  client: ClusterClient,
  set: SetIdentity,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    const object = await client.request({ method: 'GET', path: pathOf(set) }, signal);
    const metadata = ownValue(object, 'metadata');
    return isObject(metadata) && ownValue(metadata, 'uid') === set.uid ? object : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function toRequest({ set, subresource }: SetPatch, operations: readonly PatchOperation[]): ApiRequest {
  const test: PatchOperation = { op: 'test', path: '/metadata/uid', value: set.uid };
  return {
    method: 'PATCH',
    path: subresource ? `${pathOf(set)}/${subresource}` : pathOf(set),
    query: { fieldManager: FIELD_MANAGER },
    contentType: 'application/json-patch+json',
    body: [test, ...operations] as unknown as JsonValue,
  };
}

/** Conflicts, failed tests and a server that is ill; each of these patches may be sent twice. */
function mayPass(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 409 || error.status === 422 || error.status >= 500);
}

function pathOf({ namespace, name }: SetIdentity): string {
  return objectPath(SET_KIND, namespace, name);
}
