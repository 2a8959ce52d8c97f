import type { JsonValue } from '../lib/json.ts';

/** Characters of all strings and keys of a value: what it costs to keep. */
export function measureText(value: JsonValue): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let length = 0;
  if (Array.isArray(value)) for (const item of value) length += measureText(item);
  else for (const key in value) length += key.length + measureText(value[key] as JsonValue);
  return length;
}
