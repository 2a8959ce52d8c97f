import type { Element } from '../../src/api/element.ts';
import { describeResource, type Resource } from '../../src/api/resource.ts';
import { isObject, type JsonValue } from '../../src/lib/json.ts';
import { queryJsonPath } from '../../src/lib/json-path.ts';

/** The elements of one object: itself, or what the path finds in it, lists item by item. The caller may change them. */
export function findElements(object: Resource, jsonPath: string | undefined): Element[] {
  if (jsonPath === undefined) return [wholeObject(object)];
  const place = `${describeResource(object)}: jsonPath ${jsonPath}`;
  return findValues(object, jsonPath, place).flatMap((value) => toElements(value, place));
}

/** Without the record of who wrote what, which is long and changes with every write. */
function wholeObject(object: Resource): Element {
  const { managedFields: _, ...metadata } = object.metadata;
  return structuredClone({ ...object, metadata });
}

function findValues(object: Resource, jsonPath: string, place: string): JsonValue[] {
  try {
    return queryJsonPath(jsonPath, object);
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
}

function toElements(value: JsonValue, place: string): Element[] {
  if (isObject(value)) return [structuredClone(value)];
  if (!Array.isArray(value)) throw notObjects(value, place);
  return value.map((item) => {
    if (isObject(item)) return structuredClone(item);
    throw notObjects(item, place);
  });
}

/** Says nothing of the value. */
function notObjects(value: JsonValue, place: string): Error {
  const what = Array.isArray(value) ? 'a list in a list' : value === null ? 'null' : `a ${typeOf(value)}`;
  return new Error(
    `${place} finds ${what}; elements are objects or lists of objects (a template can repeat over other values)`,
  );
}

function typeOf(value: JsonValue): string {
  return typeof value === 'bigint' ? 'number' : typeof value;
}
