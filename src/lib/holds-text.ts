import type { JsonValue } from './json.ts';

/** Whether a text stands anywhere in a JSON value: within one of its strings or keys. */
export function holdsText(value: JsonValue, text: string): boolean {
  if (typeof value === 'string') return value.includes(text);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => holdsText(item, text));
  return Object.entries(value).some(([key, item]) => key.includes(text) || holdsText(item, text));
}
