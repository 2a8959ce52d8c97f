import { isObject, type JsonObject, type JsonValue, ownValue, setOwn } from './json.ts';

/**
 * A new object with the fields of both: where both have a field, objects are merged and anything else is replaced by
 * `over`, whatever it is. Nothing in it is shared with either.
 */
export function mergeDeep(base: JsonObject, over: JsonObject): JsonObject {
  const merged: JsonObject = {};
  for (const [key, value] of Object.entries(base)) {
    if (!Object.hasOwn(over, key)) setOwn(merged, key, structuredClone(value));
    else setOwn(merged, key, mergeValues(value, ownValue(over, key) as JsonValue));
  }
  for (const [key, value] of Object.entries(over)) {
    if (!Object.hasOwn(base, key)) setOwn(merged, key, structuredClone(value));
  }
  return merged;
}

function mergeValues(base: JsonValue, over: JsonValue): JsonValue {
  return isObject(base) && isObject(over) ? mergeDeep(base, over) : structuredClone(over);
}
