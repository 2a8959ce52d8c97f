import { matchesLabels } from '../../api/label-selector.ts';
import type { CollectionRef, ObjectReader, ObjectRef } from '../../api/readers.ts';
import { type Resource, sortResources } from '../../api/resource.ts';
import { sha256 } from '../../lib/digest.ts';
import { canonicalJson, isObject, type JsonObject, type JsonValue, ownValue } from '../../lib/json.ts';
import { parseYamlDocuments, YamlError } from '../../lib/yaml.ts';
import { findYamlFiles } from './find-files.ts';
import { readTextFile } from './read-text.ts';

/** An object of a local file, and which file. */
interface FileObject {
  readonly resource: Resource;
  readonly file: string;
}

/** By version, kind, namespace and name. */
type FileObjects = ReadonlyMap<string, FileObject>;

async function readFolder(folder: string, signal: AbortSignal): Promise<FileObjects> {
  const objects = new Map<string, FileObject>();
  for (const file of await findFiles(folder, signal)) {
    for (const resource of readObjects(await readTextFile(file, signal), file)) {
      addObject(objects, { resource, file });
    }
  }
  return objects;
}

function digestObjects(objects: FileObjects): string {
  const resources = [...objects.keys()].sort().map((key) => objects.get(key)?.resource ?? null);
  return sha256(canonicalJson(resources));
}

function readerOf(objects: FileObjects): ObjectReader {
  // What stands with and without a namespace is two objects of one name.
  const find = (ref: ObjectRef): Resource | undefined => {
    const exact = objects.get(keyOf(ref));
    const anywhere = objects.get(keyOf({ ...ref, namespace: '' }));
    if (exact && anywhere && exact !== anywhere) throw duplicateError(ref, exact.file, anywhere.file);
    return (exact ?? anywhere)?.resource;
  };
  return {
    get: async (ref) => find(ref),
    async list(ref) {
      const found = [...objects.values()].map(({ resource }) => resource).filter(matcherOf(ref));
      for (const { metadata } of found) {
        find({
          ...ref,
          namespace: String(ownValue(metadata, 'namespace') ?? ref.namespace),
          name: metadata.name,
        });
      }
      return sortResources(found);
    },
  };
}

/** Whether an object is one of those; like `get`, it finds an object without a namespace in every namespace. */
function matcherOf({ apiVersion, kind, namespace, labelSelector = {} }: CollectionRef) {
  return (object: Resource): boolean => {
    if (object.apiVersion !== apiVersion || object.kind !== kind) return false;
    const place = ownValue(object.metadata, 'namespace') ?? '';
    const isThere = namespace === '' || place === '' || place === namespace;
    return isThere && matchesLabels(labelSelector, ownValue(object.metadata, 'labels'));
  };
}

/** A reader of a folder that is read again and again. */
export interface RereadingObjectReader extends ObjectReader {
  /** Reads the folder now, and gives the digest of all its objects: it tells whether any has changed. */
  digest(signal: AbortSignal): Promise<string>;
}

/**
 * Reads objects (Secrets, ConfigMaps and any others) from the YAML and JSON files of a folder: again for a question
 * that comes more than `maxAge` milliseconds after the last reading, since Secrets rotate while a loop runs. An object
 * without a namespace is in whichever is asked for. Rejects, at once where the folder cannot be read now, for broken
 * files and for two objects of one name; messages never quote the files, which hold secrets.
 */
export async function createRereadingObjectReader(
  folder: string,
  { maxAge, now, signal }: { maxAge: number; now: () => number; signal: AbortSignal },
): Promise<RereadingObjectReader> {
  let known = await readFolder(folder, signal);
  let readAt = now();
  const read = async (reading: AbortSignal): Promise<FileObjects> => {
    known = await readFolder(folder, reading);
    readAt = now();
    return known;
  };
  const fresh = async (reading: AbortSignal): Promise<ObjectReader> =>
    readerOf(now() - readAt > maxAge ? await read(reading) : known);
  return {
    get: async (ref, reading) => (await fresh(reading)).get(ref, reading),
    list: async (ref, reading) => (await fresh(reading)).list(ref, reading),
    digest: async (reading) => digestObjects(await read(reading)),
  };
}

/** For runs without `--objects`: there is nothing to read, and the error says how to give it. */
export const emptyObjectReader: ObjectReader = {
  async get({ kind, namespace, name }) {
    throw new Error(`${kind} ${namespace}/${name} is not known here; give a folder with it: --objects DIR`);
  },
  async list({ kind }) {
    throw new Error(`objects of kind ${kind} are not known here; give a folder with them: --objects DIR`);
  },
};

async function findFiles(folder: string, signal: AbortSignal): Promise<string[]> {
  try {
    return await findYamlFiles(folder, signal);
  } catch (error) {
    signal.throwIfAborted();
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such folder' : (error as Error).message;
    throw new Error(`cannot read objects from ${folder}: ${reason}`, { cause: error });
  }
}

function readObjects(text: string, file: string): Resource[] {
  try {
    return parseYamlDocuments(text).flatMap((document) => toResources(document.value));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    // The reason may name a key of a Secret, which is no secret; no value is ever in it.
    throw new Error(`${file}:${error.line}:${error.column}: ${error.reason}`, { cause: error });
  }
}

/** The object, or those of a list; what has no kind and no name (a kustomization.yaml) is none. */
function toResources(value: JsonValue): Resource[] {
  if (!isObject(value)) return [];
  const items = ownValue(value, 'items');
  if (ownValue(value, 'kind') === 'List' && Array.isArray(items)) return items.flatMap(toResources);
  return isResource(value) ? [value] : [];
}

/** Whether a document is an object that can be asked for. */
function isResource(value: JsonObject): value is Resource {
  const metadata = ownValue(value, 'metadata');
  const texts = [
    ownValue(value, 'apiVersion'),
    ownValue(value, 'kind'),
    isObject(metadata) && ownValue(metadata, 'name'),
  ];
  return texts.every((text) => typeof text === 'string' && text !== '');
}

/** Which of two objects of one name was meant, nobody can know. */
function addObject(objects: Map<string, FileObject>, object: FileObject): void {
  const { apiVersion, kind, metadata } = object.resource;
  const namespace = String(ownValue(metadata, 'namespace') ?? '');
  const ref: ObjectRef = { apiVersion, kind, namespace, name: metadata.name };
  const other = objects.get(keyOf(ref));
  if (other) throw duplicateError(ref, other.file, object.file);
  objects.set(keyOf(ref), object);
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

function duplicateError({ kind, namespace, name }: ObjectRef, first: string, second: string): Error {
  const place = namespace === '' ? name : `${namespace}/${name}`;
  const where = first === second ? `twice in ${first}` : `in ${first} and in ${second}`;
  return new Error(`${kind} ${place} stands ${where}; remove one`);
}
