import type { Element } from '../../src/api/element.ts';
import { parseDataFile } from '../../src/lib/data-file.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';
import { describePath } from './path-element.ts';

/** The elements of a YAML or JSON file: one for its object, or one for each object of its list. */
export function readFileElements(path: string, content: Buffer): Element[] {
  const value = parseDataFile(path, content);
  return objectsOf(path, value).map((file) => ({ ...describePath(path), file }));
}

/** A list with anything but objects is refused whole: half of it would look like removals. */
function objectsOf(path: string, value: JsonValue): JsonObject[] {
  if (isObject(value)) return [value];
  if (Array.isArray(value) && value.length > 0 && value.every(isObject)) return value;
  throw new Error(`file ${JSON.stringify(path)} is neither an object nor a list of objects`);
}
