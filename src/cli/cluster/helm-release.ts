import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { apiGroup } from '../../api/resource.ts';
import { isObject, type JsonObject, ownValue, parseJson } from '../../lib/json.ts';
import { parseYamlDocuments } from '../../lib/yaml.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';
import { inventoryOf, isRemote, textOf } from './inventory-entries.ts';
import type { ResourceName } from './resource-tree.ts';
import { readNamed, SECRET, type TreeWorld, UnreadableError } from './tree-world.ts';

/** Bytes that a release may unpack to; Helm keeps all of a chart in it, and a Secret holds 1 MiB. */
const MAX_UNPACKED = 32 * 1024 * 1024;
const LIMITS = { maxLength: MAX_UNPACKED, maxDocuments: 5000, maxNodes: 1_000_000 };

const unpack = promisify(gunzip);

/** A release as Helm's storage names it. */
interface Release {
  /** Of the Secret. */
  readonly storage: { readonly namespace: string; readonly name: string };
  /** Of resources that name none. */
  readonly namespace: string;
}

/**
 * What a HelmRelease has installed: its inventory where helm-controller keeps one, else the manifest in Helm's own
 * storage, whose Secret must be readable. Nothing for a release into another cluster, or before the first one.
 */
export async function readHelmRelease(
  world: TreeWorld,
  object: JsonObject,
): Promise<readonly ResourceName[]> {
  if (isRemote(object)) return [];
  const inventory = inventoryOf(object);
  if (inventory.length > 0) return inventory;
  const release = findRelease(object);
  if (!release) return [];
  const secret = await readNamed(world, SECRET, release.storage);
  const manifest = await readManifest(secret);
  const names: ResourceName[] = [];
  for (const resource of manifest) names.push(await toName(world, resource, release));
  return names;
}

/** The last release that the status tells of. */
function findRelease(object: JsonObject): Release | undefined {
  const [status, spec] = [ownValue(object, 'status'), ownValue(object, 'spec')];
  const history = isObject(status) ? ownValue(status, 'history') : undefined;
  const last = Array.isArray(history) ? history[0] : undefined;
  if (!isObject(last) || !isObject(status)) return undefined;
  const [name, namespace, version] = [textOf(last, 'name'), textOf(last, 'namespace'), last['version']];
  if (name === '' || namespace === '' || !Number.isSafeInteger(version)) return undefined;
  const wished = isObject(spec) ? textOf(spec, 'storageNamespace') : '';
  const storage = textOf(status, 'storageNamespace') || wished || String(metadataOf(object)['namespace']);
  return { namespace, storage: { namespace: storage, name: `sh.helm.release.v1.${name}.v${version}` } };
}

/** The objects of a release: base64 of base64 of gzipped JSON. A Secret of another form has none. */
async function readManifest(secret: JsonObject): Promise<JsonObject[]> {
  const data = ownValue(secret, 'data');
  const packed = isObject(data) ? textOf(data, 'release') : '';
  const text = Buffer.from(Buffer.from(packed, 'base64').toString('latin1'), 'base64');
  try {
    const json = ((await unpack(text, { maxOutputLength: MAX_UNPACKED })) as Buffer).toString();
    const release = parseJson(json);
    const manifest = isObject(release) ? textOf(release, 'manifest') : '';
    const documents = parseYamlDocuments(manifest, LIMITS);
    return documents.map(({ value }) => value).filter(isObject);
  } catch {
    // What the storage holds may be a Secret's: no word of the parser is shown.
    throw new UnreadableError(`the release in Secret ${String(metadataOf(secret)['name'])} cannot be read`);
  }
}

/** Helm puts what names no namespace into that of the release, unless its kind has none. */
async function toName(
  { discovery, signal }: TreeWorld,
  resource: JsonObject,
  release: Release,
): Promise<ResourceName> {
  const [apiVersion, kind] = [textOf(resource, 'apiVersion'), textOf(resource, 'kind')];
  const metadata = metadataOf(resource);
  const found = await discovery.find(apiVersion, kind, signal);
  const isNamespaced = found?.namespaced ?? true;
  const namespace = isNamespaced ? textOf(metadata, 'namespace') || release.namespace : '';
  return {
    ...{ namespace, name: textOf(metadata, 'name'), group: apiGroup(apiVersion), kind },
    version: apiVersion.slice(apiVersion.lastIndexOf('/') + 1),
  };
}
