import { isNotFound } from '../../clients/cluster/api-error.ts';
import type { ClusterClient } from '../../clients/cluster/cluster-client.ts';
import type { ApiKind } from '../../clients/cluster/discovery.ts';
import { objectPath } from '../../clients/cluster/paths.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';

/** Whose the installed fields are. */
const FIELD_MANAGER = 'generatorset';

/** What applying did to an object, in Flux's words. */
export type Applied = 'created' | 'configured' | 'unchanged';

/** Applies an object server-side; fields that others have set differently are taken over. */
export async function applyManifest(
  client: ClusterClient,
  manifest: JsonObject,
  signal: AbortSignal,
): Promise<Applied> {
  const before = await readManifest(client, manifest, signal);
  const after = await client.request(
    {
      method: 'PATCH',
      path: manifestPath(manifest),
      query: { fieldManager: FIELD_MANAGER, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: manifest,
    },
    signal,
  );
  if (!before) return 'created';
  const version = (object: JsonObject) => metadataOf(object)['resourceVersion'];
  return version(before) === version(after) ? 'unchanged' : 'configured';
}

/** The object as it is in the cluster; undefined where there is none, or not even its kind. */
export async function readManifest(
  client: ClusterClient,
  manifest: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    return await client.request({ method: 'GET', path: manifestPath(manifest) }, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Deletes the object that was read, not one that has taken its place. One that is gone already is well. */
export async function deleteObject(
  client: ClusterClient,
  object: JsonObject,
  signal: AbortSignal,
): Promise<void> {
  const uid = metadataOf(object)['uid'] as string;
  const body = { propagationPolicy: 'Background', preconditions: { uid } };
  try {
    await client.request({ method: 'DELETE', path: manifestPath(object), body }, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** `Deployment/flux-system/generatorset-controller`, as Flux names objects. */
export function nameOf(manifest: JsonObject): string {
  const { namespace, name } = metadataOf(manifest);
  return [manifest['kind'], namespace, name].filter((part) => part !== undefined).join('/');
}

/** `metadata`, or an empty object. */
export function metadataOf(object: JsonObject): JsonObject {
  const metadata = ownValue(object, 'metadata');
  return isObject(metadata) ? metadata : {};
}

/** `metadata.labels`, or an empty object. */
export function labelsOf(object: JsonObject): JsonObject {
  const labels = ownValue(metadataOf(object), 'labels');
  return isObject(labels) ? labels : {};
}

function manifestPath(manifest: JsonObject): string {
  const { namespace = '', name } = metadataOf(manifest);
  return objectPath(kindOf(manifest), namespace as string, name as string);
}

/** All that is installed have regular plurals, so that nobody need be asked for them. */
function kindOf(manifest: JsonObject): ApiKind {
  const kind = manifest['kind'] as string;
  const namespaced = metadataOf(manifest)['namespace'] !== undefined;
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  return { apiVersion: manifest['apiVersion'] as string, kind, plural, namespaced, verbs: [] };
}
