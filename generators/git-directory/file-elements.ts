import type { Element } from '../../src/api/element.ts';
import { isObject, type JsonObject, type JsonValue, parseJson } from '../../src/lib/json.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { describePath } from './path-element.ts';

/** The elements of a YAML or JSON file: one for its object, or one for each object of its list. */
export function readFileElements(path: string, content: Buffer): Element[] {
  const value = parseFile(path, content);
  return objectsOf(path, value).map((file) => ({ ...describePath(path), file }));
}

/** A list with anything but objects is refused whole: half of it would look like removals. */
function objectsOf(path: string, value: JsonValue): JsonObject[] {
  if (isObject(value)) return [value];
  if (Array.isArray(value) && value.length > 0 && value.every(isObject)) return value;
  throw new Error(`file ${JSON.stringify(path)} is neither an object nor a list of objects`);
}

/** JSON is read as JSON, whose numbers have no octal or base-60 forms. */
function parseFile(path: string, content: Buffer): JsonValue {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return path.endsWith('.json') ? parseJson(text) : parseYaml(text);
  } catch (error) {
    throw new Error(`file ${JSON.stringify(path)} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
