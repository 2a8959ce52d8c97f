import { setTimeout as delay } from 'node:timers/promises';
import { isNotFound } from '../clients/cluster/api-error.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import type { WatchedObject } from '../clients/cluster/shared-watches.ts';
import { toWatchedObject } from '../clients/cluster/watched-object.ts';
import { type JsonObject, stringifyJson } from '../lib/json.ts';
import type { Place } from './applied-objects.ts';
import { toApplyText } from './apply-text.ts';
import { FIELD_MANAGER } from './cluster-access.ts';
import type { Decision } from './decide.ts';
import { type Conflict, isImmutable, readConflicts } from './failure.ts';
import { isOwnedBy, type SetName } from './owner.ts';
import { METADATA_ONLY, readLive, readMetadata } from './read-metadata.ts';
import { removeField } from './remove-field.ts';
import { hasUpdatedSince } from './rival.ts';
import { mayReplace } from './steering.ts';

/** Milliseconds that a replaced object may take to go, and between two looks, which double. */
const REPLACE_TIMEOUT = 20_000;
const REPLACE_POLL = { first: 100, longest: 2000 };

/** How objects are applied. */
export interface ApplyOptions {
  readonly client: ClusterClient;
  readonly set: SetName;
  /** Takes over fields that others own, and replaces objects whose immutable fields change. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** A decision about an object that the cluster can serve. */
export type Write = Decision & { readonly object: Decision['object'] & { readonly place: Place } };

/**
 * Applies one object, as a rule in one request, and gives what became of it. Throws an ApiError where the server
 * refuses it, conflicts with other managers among these.
 */
export async function applyObject(write: Write, options: ApplyOptions): Promise<WatchedObject> {
  const { object, isDrift, live } = write;
  // What was taken from us since the same text was applied is taken back; nothing else is without permission, and
  // an object that somebody made in the place of ours is not ours.
  const takesBack = isDrift && live !== undefined && isOwnedBy(live, options.set);
  const force = object.mode !== 'Merge' && (options.force || takesBack);
  try {
    return await patch(object.place, object.text, { ...options, force });
  } catch (error) {
    const conflicts = readConflicts(error);
    if (conflicts.length > 0) return settleConflicts(write, conflicts, { error, options });
    if (isImmutable(error) && (options.force || mayReplace(object.resource)))
      return replace(write, options, error);
    throw error;
  }
}

async function patch(
  { kind, namespace, name }: Place,
  text: string,
  { client, force, signal }: ApplyOptions,
): Promise<WatchedObject> {
  const answer = await client.request(
    {
      method: 'PATCH',
      path: objectPath(kind, namespace, name),
      query: { fieldManager: FIELD_MANAGER, force: String(force) },
      body: toApplyText(text),
      contentType: 'application/apply-patch+yaml',
      accept: METADATA_ONLY,
    },
    signal,
  );
  return toWatchedObject(answer);
}

/** A conflict is over where we may leave the fields to others, or where they took them from us. */
async function settleConflicts(
  write: Write,
  conflicts: readonly Conflict[],
  { error, options }: { error: unknown; options: ApplyOptions },
): Promise<WatchedObject> {
  const { mode, place, resource } = write.object;
  if (mode === 'Merge') {
    const rest = withoutFields(resource, conflicts);
    if (!rest) throw error;
    return patch(place, stringifyJson(rest), { ...options, force: false });
  }
  if (!write.live || !(await areDrift(conflicts, place, options))) throw error;
  return patch(place, write.object.text, { ...options, force: true });
}

function withoutFields(resource: JsonObject, conflicts: readonly Conflict[]): JsonObject | undefined {
  let rest: JsonObject | undefined = resource;
  for (const { field } of conflicts) rest = rest && removeField(rest, field);
  return rest;
}

/**
 * Whether an object that is ours was edited after we applied it last: not by other managers that apply, whose fields
 * are theirs, but by those that update, such as `kubectl edit`.
 */
async function areDrift(
  conflicts: readonly Conflict[],
  place: Place,
  { client, set, signal }: ApplyOptions,
): Promise<boolean> {
  if (conflicts.some(({ applies }) => applies)) return false;
  const object = await readMetadata(client, place, signal);
  if (!object || !isOwnedBy(toWatchedObject(object), set)) return false;
  return conflicts.every(({ manager }) => hasUpdatedSince(object, manager));
}

/** Deletes an object that is ours and makes it anew. */
async function replace(
  { object: { place, text } }: Write,
  options: ApplyOptions,
  refusal: unknown,
): Promise<WatchedObject> {
  const { client, set, signal } = options;
  const live = await readLive(client, place, signal);
  if (!live || !isOwnedBy(live, set)) throw refusal;
  await deleteObject(client, place, { uid: live.uid }, signal);
  const end = performance.now() + REPLACE_TIMEOUT;
  let pause = REPLACE_POLL.first;
  while ((await readLive(client, place, signal))?.uid === live.uid) {
    if (performance.now() > end) {
      throw new Error('it was deleted to be replaced, and waits for its finalizers', { cause: refusal });
    }
    await delay(pause, undefined, { signal });
    pause = Math.min(2 * pause, REPLACE_POLL.longest);
  }
  return patch(place, text, options);
}

/** What must still be so for an object to be deleted. */
export interface Preconditions {
  readonly uid: string;
  readonly resourceVersion?: string;
}

/**
 * Deletes an object, if it is still the one that is meant; what belongs to it goes in the background. Gives whether
 * it was there. Throws an ApiError with status 409 when it is another one, or has changed.
 */
export async function deleteObject(
  client: ClusterClient,
  { kind, namespace, name }: Place,
  { uid, resourceVersion }: Preconditions,
  signal: AbortSignal,
): Promise<boolean> {
  const preconditions = { uid, ...(resourceVersion !== undefined && { resourceVersion }) };
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background', preconditions };
  try {
    await client.request(
      { method: 'DELETE', path: objectPath(kind, namespace, name), body, accept: METADATA_ONLY },
      signal,
    );
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
