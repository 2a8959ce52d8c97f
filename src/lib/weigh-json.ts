import type { JsonValue } from './json.ts';

/** Bytes that a value, a key and an object take beside their texts, roughly, on 64 bits. */
const SCALAR = 16;
const CONTAINER = 48;

/** Roughly the bytes that a JSON value takes in memory; small values take far more than their text says. */
export function weighJson(value: JsonValue): number {
  if (typeof value === 'string') return SCALAR + value.length;
  if (typeof value !== 'object' || value === null) return SCALAR;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weighJson(item), CONTAINER);
  let weight = CONTAINER;
  for (const key of Object.keys(value)) weight += SCALAR + key.length + weighJson(value[key] as JsonValue);
  return weight;
}
