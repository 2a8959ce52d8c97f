import { isObject, type JsonObject, type JsonValue, ownValue } from './json.ts';

/** The own field of an object as text. Throws, naming the field, for anything else. */
export function textField(object: JsonObject, field: string): string {
  const value = ownValue(object, field);
  if (typeof value !== 'string') throw new Error(`"${field}" must be a text`);
  return value;
}

/** The own field of a value as an object. Throws, naming the field, for anything else. */
export function objectField(value: JsonValue, field: string): JsonObject {
  const object = isObject(value) ? ownValue(value, field) : undefined;
  if (!isObject(object)) throw new Error(`"${field}" must be an object`);
  return object;
}

/** The own field of an object as a list of objects. Throws, naming the field, for anything else. */
export function objectsField(object: JsonObject, field: string): JsonObject[] {
  const items = ownValue(object, field);
  if (!Array.isArray(items) || !items.every(isObject))
    throw new Error(`"${field}" must be a list of objects`);
  return items;
}
