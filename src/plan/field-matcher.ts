import type { Path } from '../api/source.ts';

/** Characters of a field that somebody asks for; no document nests so deeply. */
const MAX_LENGTH = 2000;

/** A part in brackets: a key in double quotes, as JSON has it, or in single ones, or an index. */
const BRACKETS = /\["((?:[^"\\]|\\.)*)"\]|\['([^']*)'\]|\[(\d+)\]/g;

/**
 * Says whether a leaf is the field, or stands below it. Fields may be written `a.b[0].c`, `a.b.0.c` or `.a["b"][0].c`;
 * dots within a key need no quotes. Throws for a field that is too long.
 */
export function createFieldMatcher(field: string): (path: Path) => boolean {
  if (field.length > MAX_LENGTH) throw new Error(`a field has at most ${MAX_LENGTH} characters`);
  const wanted = readField(field);
  if (wanted === '') return () => true;
  return (path) => `${path.join('.')}.`.startsWith(`${wanted}.`);
}

/** The field with each of its parts behind a dot. */
function readField(field: string): string {
  const dotted = field.replace(BRACKETS, (_, json?: string, single?: string, index?: string) => {
    const key = json === undefined ? single : readKey(json);
    return `.${key ?? index}`;
  });
  return dotted.replace(/^\.|\.$/g, '');
}

function readKey(json: string): string {
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    return json;
  }
}
