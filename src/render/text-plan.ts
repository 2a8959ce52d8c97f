import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseYamlDocuments, stringifyYaml, YamlError } from '../lib/yaml.ts';
import type { LeafOptions } from './leaf.ts';
import { compileTemplate } from './template/compile-template.ts';

/** A template of a whole text: gives its documents, the empty ones left out. */
export type RenderText = (data: object) => JsonValue[];

/** Documents of one rendered text; a set may have 20,000 resources in all. */
const LIMITS = { maxDocuments: 10_000, maxNodes: 200_000 };

/** Compiles a text that renders to YAML. Throws a TemplateError; its program throws when the output is no YAML. */
export function compileText(text: string, options: LeafOptions): RenderText {
  const program = compileTemplate(text, { use: 'text', ...options });
  return (data) => readDocuments(program.render(data));
}

/** A content as the text that GitOpsSets makes of it: YAML with sorted keys. */
export function writeContent(content: JsonObject): string {
  return stringifyYaml(content, { sortKeys: true });
}

/** Compiles a content as one text. Throws a TemplateError; its program throws when the output is no YAML. */
export function compileContentText(content: JsonObject, options: LeafOptions): RenderText {
  return compileText(writeContent(content), { ...options, use: 'content' });
}

function readDocuments(text: string): JsonValue[] {
  try {
    return parseYamlDocuments(text, LIMITS).map((document) => document.value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`the rendered text is no valid YAML: ${error.message}`, { cause: error });
  }
}
