import type { Path, Source } from '../api/source.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';

/** A value of the object that is converted, and where it stands. */
export interface Field {
  readonly value: JsonValue;
  readonly source: Source;
  readonly path: Path;
}

/** A field whose value is an object. */
export interface ObjectField extends Field {
  readonly value: JsonObject;
}

/** What stands below a field, a key or an index further each time; undefined where there is nothing. */
export function fieldAt(parent: Field | undefined, ...keys: readonly (string | number)[]): Field | undefined {
  let found = parent;
  for (const key of keys) {
    if (found === undefined) return undefined;
    const value = valueAt(found.value, key);
    found = value === undefined ? undefined : { value, source: found.source, path: [...found.path, key] };
  }
  return found;
}

/** The fields directly below an object or a list, in their order; none below anything else. */
export function fieldsOf(parent: Field | undefined): Field[] {
  if (parent === undefined) return [];
  const keys = Array.isArray(parent.value) ? [...parent.value.keys()] : keysOf(parent.value);
  return keys.map((key) => fieldAt(parent, key) as Field);
}

/** The last part of a field's path. */
export function keyOf(field: Field): string {
  return String(field.path.at(-1) ?? '');
}

/** Whether the value is an object. */
export function isObjectField(field: Field | undefined): field is ObjectField {
  return isObject(field?.value);
}

/** The value, where it is a text. */
export function textOf(field: Field | undefined): string | undefined {
  return typeof field?.value === 'string' ? field.value : undefined;
}

function keysOf(value: JsonValue): string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function valueAt(value: JsonValue, key: string | number): JsonValue | undefined {
  if (typeof key === 'number') return Array.isArray(value) ? value[key] : undefined;
  return isObject(value) ? ownValue(value, key) : undefined;
}
