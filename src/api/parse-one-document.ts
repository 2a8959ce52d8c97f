import { parseYamlDocuments, type YamlDocument, YamlError } from '../lib/yaml.ts';
import { StalledError } from './errors.ts';
import { VALIDATION_FAILED } from './reasons.ts';

/** The one document of a file's text. Throws a StalledError, with the place in `file`, where it is not one. */
export function parseOneDocument(text: string, file: string): YamlDocument {
  try {
    const [yaml, second] = parseYamlDocuments(text);
    if (yaml && !second) return yaml;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const place = `${file}:${error.line}:${error.column}`;
    throw new StalledError(VALIDATION_FAILED, `${place}: ${error.reason}`, { cause: error });
  }
  throw new StalledError(VALIDATION_FAILED, `${file}: must hold one document`);
}
