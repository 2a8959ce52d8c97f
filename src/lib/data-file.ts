import { type JsonValue, parseJson } from './json.ts';
import { parseYaml } from './yaml.ts';

/** Values of a YAML file: reading one takes a hundred times as long as reading one of JSON. */
const MAX_YAML_VALUES = 50_000;

/**
 * The value of a file of a repository: JSON where the name ends with `.json`, whose numbers have no octal or base-60
 * forms, else YAML, of at most 50,000 values. Throws an Error that names the file and never quotes it.
 */
export function parseDataFile(path: string, content: Buffer): JsonValue {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return path.endsWith('.json') ? parseJson(text) : parseYaml(text, { maxNodes: MAX_YAML_VALUES });
  } catch (error) {
    throw new Error(`file ${JSON.stringify(path)} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
