import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { createObjectSource } from '../api/object-source.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { ValidateSet } from '../api/validate-set.ts';
import { isObject, type JsonObject, ownValue } from '../lib/json.ts';
import { checkStoredSet, readStoredSet, type StoredSet } from './stored-set.ts';

/** A set as a pass uses it, and the object that it was read from. */
export interface StoredLoadedSet extends LoadedSet {
  readonly object: JsonObject;
}

/** An object that no pass can use, and why. */
export interface InvalidSet {
  readonly object: JsonObject;
  readonly error: Error;
}

/** Validates a set of the cluster as a file is validated: the API server's own checks know less. */
export function loadStoredSet(stored: StoredSet, validate: ValidateSet): StoredLoadedSet | InvalidSet {
  const object = readStoredSet(stored);
  try {
    checkStoredSet(stored);
    const { status, ...rest } = object;
    const source = createObjectSource('GeneratorSet');
    const set = validate(rest, source);
    return {
      object,
      source,
      set: isObject(status) ? { ...set, status: status as GeneratorSet['status'] & {} } : set,
    };
  } catch (error) {
    return { object, error: error as Error };
  }
}

/** An annotation of an object. */
export function annotationOf(object: JsonObject, name: string): string | undefined {
  const metadata = ownValue(object, 'metadata');
  const annotations = isObject(metadata) ? ownValue(metadata, 'annotations') : undefined;
  const value = isObject(annotations) ? ownValue(annotations, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
