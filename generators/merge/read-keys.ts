import { canonicalJson, type JsonObject, type JsonValue, ownValue } from '../../src/lib/json.ts';
import { queryJsonPath } from '../../src/lib/json-path.ts';
import { parseJsonPath } from '../../src/lib/json-path-parser.ts';
import type { SpecMistake } from '../generator.ts';

/** What tells an element from the others of its generator. */
interface ElementKeys {
  /** Equal where all values are equal. */
  readonly id: string;
  readonly values: readonly string[];
}

/** The keys that are written wrong. */
export function checkKeys(keys: readonly string[]): SpecMistake[] {
  return keys.flatMap((key, index) => {
    const path = ['keys', index];
    if (keys.indexOf(key) < index) return [{ path, message: 'is there twice' }];
    if (!isJsonPath(key)) return [];
    try {
      parseJsonPath(key);
      return [];
    } catch (error) {
      return [{ path, message: (error as Error).message }];
    }
  });
}

/** The values of an element's keys. Throws for one that is missing, or neither text nor number nor boolean. */
export function readKeys(element: JsonObject, keys: readonly string[]): ElementKeys {
  const values = keys.map((key) => readKey(element, key));
  return { id: canonicalJson(values), values: values.map(String) };
}

function readKey(element: JsonObject, key: string): JsonValue {
  const found = isJsonPath(key) ? findValues(element, key) : [ownValue(element, key)];
  const [value] = found;
  if (found.length !== 1 || value === undefined) {
    throw new Error(`has ${found.length > 1 ? `${found.length} values` : 'no value'} for the key ${key}`);
  }
  if (typeof value === 'object') {
    throw new Error(`has no text, number or boolean for the key ${key}`);
  }
  return value;
}

/** That an element lacks a field is said in the same words for fields and paths. */
function findValues(element: JsonObject, key: string): JsonValue[] {
  try {
    return queryJsonPath(key, element);
  } catch (error) {
    throw new Error(`has no value for the key ${key}`, { cause: error });
  }
}

function isJsonPath(key: string): boolean {
  return key.startsWith('{');
}
