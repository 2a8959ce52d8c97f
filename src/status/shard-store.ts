import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { API_VERSION, KIND } from '../api/generatorset-schema.ts';
import { isNotFound } from '../clients/cluster/api-error.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import {
  isObject,
  type JsonObject,
  type JsonValue,
  ownValue,
  parseJson,
  stringifyJson,
} from '../lib/json.ts';
import { type ListKind, readEntries } from './kept-list.ts';
import { CONFIG_MAP, FIELD_MANAGER } from './kinds.ts';
import type { SetIdentity } from './set-identity.ts';

/** Bytes that a shard may unpack to, a few times what is ever written; anybody may have written it. */
const MAX_UNPACKED = 2 * 1024 * 1024;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** One shard of a list of a set. */
interface Shard<Entry> {
  readonly set: SetIdentity;
  readonly kind: ListKind<Entry>;
  /** Of its ConfigMap. */
  readonly name: string;
}

/** Tells whose list a ConfigMap holds; not an owner label, since a shard is nothing that the set has rendered. */
function labelOf({ word }: Pick<ListKind<unknown>, 'word'>): string {
  return `generatorset.dev/${word}-of`;
}

function keyOf({ word }: Pick<ListKind<unknown>, 'word'>): string {
  return `${word}.json.gz`;
}

/** Reads a shard. Undefined when it is gone or unreadable; throws when the API server does not answer. */
export async function readShard<Entry>(
  client: ClusterClient,
  { set, kind, name }: Shard<Entry>,
  signal: AbortSignal,
): Promise<Entry[] | undefined> {
  try {
    const path = objectPath(CONFIG_MAP, set.namespace, name);
    return await unpackEntries(kind, await client.request({ method: 'GET', path }, signal));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Writes a shard whole, in one request. The garbage collector removes it with the set. */
export async function writeShard<Entry>(
  client: ClusterClient,
  { set, kind, name, entries }: Shard<Entry> & { readonly entries: readonly Entry[] },
  signal: AbortSignal,
): Promise<void> {
  const packed = (await pack(stringifyJson({ entries: entries as unknown as JsonValue }))) as Buffer;
  const shard = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: set.namespace,
      labels: { [labelOf(kind)]: set.uid, 'app.kubernetes.io/managed-by': 'generatorset' },
      ownerReferences: [{ apiVersion: API_VERSION, kind: KIND, name: set.name, uid: set.uid }],
    },
    binaryData: { [keyOf(kind)]: packed.toString('base64') },
  };
  await client.request(
    {
      method: 'PATCH',
      path: objectPath(CONFIG_MAP, set.namespace, name),
      query: { fieldManager: FIELD_MANAGER, force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: shard,
    },
    signal,
  );
}

/** Removes a shard; one that is gone is well. */
export async function removeShard(
  client: ClusterClient,
  { set, name }: { readonly set: SetIdentity; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.request({ method: 'DELETE', path: objectPath(CONFIG_MAP, set.namespace, name) }, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** What is no shard of ours any more counts as lost, not as empty. */
async function unpackEntries<Entry>(kind: ListKind<Entry>, object: JsonObject): Promise<Entry[] | undefined> {
  const data = ownValue(object, 'binaryData');
  const packed = isObject(data) ? ownValue(data, keyOf(kind)) : undefined;
  if (typeof packed !== 'string') return undefined;
  try {
    const options = { maxOutputLength: MAX_UNPACKED };
    const text = ((await unpack(Buffer.from(packed, 'base64'), options)) as Buffer).toString();
    const value = parseJson(text);
    return isObject(value) ? readEntries(kind, ownValue(value, 'entries')) : undefined;
  } catch {
    // Said by whoever finds the digest of the whole to differ.
    return undefined;
  }
}
