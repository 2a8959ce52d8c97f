import { type JsonObject, type JsonValue, setOwn } from '../../lib/json.ts';
import { GoComplex, GoInt } from './go-number.ts';
import { GoObject } from './go-object.ts';
import { isNil, type Value, type ValueMap } from './value.ts';
import { startWalk, type Walk, walkInto } from './walk.ts';

/**
 * A template's value as plain JSON: Go integers become numbers, "no value" becomes null. Throws when the
 * value nests deeper than 200 levels or has no JSON form (a complex number, NaN or an infinity).
 */
export function toJsonValue(value: Value, walk: Walk = startWalk()): JsonValue {
  if (value === undefined || value === null || isNil(value)) return null;
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`json: unsupported value: ${value}`);
  if (typeof value !== 'object') return value;
  if (value instanceof GoInt) return value.n;
  if (value instanceof GoComplex) throw new Error('json: unsupported type: complex128');
  if (value instanceof GoObject) return value.toJson();
  return walkInto(walk, () => containerToJson(value, walk));
}

function containerToJson(value: readonly Value[] | ValueMap, walk: Walk): JsonValue {
  if (Array.isArray(value)) return value.map((item) => toJsonValue(item, walk));
  const object: JsonObject = {};
  for (const [key, item] of Object.entries(value)) setOwn(object, key, toJsonValue(item, walk));
  return object;
}
