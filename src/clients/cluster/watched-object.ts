import { NAME_LABEL, NAMESPACE_LABEL } from '../../api/resource.ts';
import { sha256 } from '../../lib/digest.ts';
import { canonicalJson, isObject, type JsonObject, type JsonValue, ownValue } from '../../lib/json.ts';
import type { WatchedObject } from './shared-watches.ts';

/** The field manager of everything that is applied. */
const FIELD_MANAGER = 'generatorset';
/** Field sets whose digests are remembered, and their characters: objects of one template have the same fields. */
const MAX_DIGESTS = 1000;
const MAX_FIELDS_LENGTH = 4000;
/** What the names of annotations begin with that steer this program. */
const STEERING_PREFIX = 'generatorset.dev/';

/**
 * What a watch keeps of an object, or of its metadata alone. Throws a SyntaxError where it has no identity: then it
 * is no object of an API server.
 */
export function toWatchedObject(object: JsonObject): WatchedObject {
  const metadata = ownValue(object, 'metadata');
  const { uid, resourceVersion, generation, deletionTimestamp } = isObject(metadata) ? metadata : {};
  if (!isObject(metadata) || typeof uid !== 'string' || typeof resourceVersion !== 'string')
    throw new SyntaxError('an object has neither uid nor resourceVersion');
  const labels = ownValue(metadata, 'labels');
  const ownerName = textOf(labels, NAME_LABEL);
  const ownerNamespace = textOf(labels, NAMESPACE_LABEL);
  const owned = digestOfOwned(ownValue(metadata, 'managedFields'));
  const annotations = steeringOf(ownValue(metadata, 'annotations'));
  return {
    uid,
    resourceVersion,
    ...(typeof generation === 'number' && { generation }),
    ...(ownerName !== undefined && { ownerName }),
    ...(ownerNamespace !== undefined && { ownerNamespace }),
    ...(owned !== undefined && { owned }),
    ...(annotations && { annotations }),
    ...(typeof deletionTimestamp === 'string' && { deleting: true }),
  };
}

/**
 * Digest of the fields that belong to us by server-side apply. The server takes a field away from us when anybody
 * else writes another value or removes it, so equal digests mean that our values stand.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
function digestOfOwned(managed: JsonValue | undefined): string | undefined {
  if (!Array.isArray(managed)) return undefined;
  const ours = managed.filter(isOurs).map((entry) => ownValue(entry, 'fieldsV1') ?? null);
  if (ours.length === 0) return undefined;
  const fields = JSON.stringify(ours);
  const known = digests.get(fields);
  if (known !== undefined) return known;
  const digest = sha256(canonicalJson(ours));
  if (fields.length <= MAX_FIELDS_LENGTH) rememberDigest(fields, digest);
  return digest;
}

const digests = new Map<string, string>();

function rememberDigest(fields: string, digest: string): void {
  digests.set(fields, digest);
  const [oldest] = digests.keys();
  if (oldest !== undefined && digests.size > MAX_DIGESTS) digests.delete(oldest);
}

function isOurs(entry: JsonValue): entry is JsonObject {
  if (!isObject(entry) || entry['manager'] !== FIELD_MANAGER || entry['operation'] !== 'Apply') return false;
  return (ownValue(entry, 'subresource') ?? '') === '';
}

function steeringOf(annotations: JsonValue | undefined): Record<string, string> | undefined {
  if (!isObject(annotations)) return undefined;
  const steering: Record<string, string> = {};
  for (const [name, value] of Object.entries(annotations)) {
    if (name.startsWith(STEERING_PREFIX) && typeof value === 'string') steering[name] = value;
  }
  return Object.keys(steering).length === 0 ? undefined : steering;
}

function textOf(labels: JsonValue | undefined, name: string): string | undefined {
  const value = isObject(labels) ? ownValue(labels, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
