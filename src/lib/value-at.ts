import { isObject, type JsonValue, ownValue } from './json.ts';

/** The value at a path of own keys and of positions in lists; undefined where the path leads to nothing. */
export function valueAt(value: JsonValue, path: readonly (string | number)[]): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const part of path) {
    if (Array.isArray(at)) at = typeof part === 'number' ? at[part] : undefined;
    else at = isObject(at) ? ownValue(at, String(part)) : undefined;
  }
  return at;
}
