import type { JsonObject } from '../src/lib/json.ts';

/** Characters of a line, as biome.json has them. */
const LINE_WIDTH = 110;

/** A list of strings, with what stands before and behind it in its lines. */
const LISTS = /^(.*)\[\n\s+("(?:[^"\\]|\\.)*"(?:,\n\s+"(?:[^"\\]|\\.)*")*)\n\s+\](,?)$/gm;

/** JSON as the formatter of this repository wants it: lists of strings on one line, where they fit. */
export function formatJson(value: JsonObject): string {
  const text = JSON.stringify(value, null, 2);
  const joined = text.replace(LISTS, (whole, before: string, items: string, comma: string) => {
    const line = `${before}[${items.replace(/\n\s+/g, ' ')}]${comma}`;
    return line.length <= LINE_WIDTH ? line : whole;
  });
  return `${joined}\n`;
}
