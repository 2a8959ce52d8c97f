import type { JsonObject } from '../src/lib/json.ts';

/** JSON as the formatter of this repository wants it: lists of strings on one line. */
export function formatJson(value: JsonObject): string {
  const lists = /\[\n\s+("(?:[^"\\]|\\.)*"(?:,\n\s+"(?:[^"\\]|\\.)*")*)\n\s+\]/g;
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(lists, (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`)}\n`;
}
