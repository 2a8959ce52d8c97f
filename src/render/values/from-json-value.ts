import type { JsonValue } from '../../lib/json.ts';
import { createMap, isMap, type NumberMode, type Value } from './value.ts';

/** JSON as a template's value: maps get no prototype, and integers keep their digits under exact numbers alone. */
export function fromJsonValue(value: JsonValue, mode: NumberMode): Value {
  if (typeof value === 'bigint') return mode === 'exact' ? value : Number(value);
  if (Array.isArray(value)) return value.map((item) => fromJsonValue(item, mode));
  if (!isMap(value)) return value;
  return createMap(
    Object.keys(value).map((key) => [key, fromJsonValue(value[key] as JsonValue, mode)] as const),
  );
}
