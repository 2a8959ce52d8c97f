import { generators } from '../../generators/index.ts';
import { generatorSetSchema } from '../../src/api/generatorset-schema.ts';
import { readYaml } from '../../src/api/read-yaml.ts';
import { isObject, type JsonObject } from '../../src/lib/json.ts';
import type { Block } from './pages.ts';

const LIMITS = { maxLength: 200_000, maxDocuments: 100, maxNodes: 20_000 };
const HEAD = 'apiVersion: generatorset.dev/v1alpha1\nkind: GeneratorSet\nmetadata: {name: example}\n';

/** The whole schema of this program's generators. */
export const schema = generatorSetSchema(
  Object.fromEntries(generators.map((generator) => [generator.name, generator.schema])),
) as unknown as JsonObject;

const FIELDS = new Set(fieldsOf(schema, 'properties', 'spec', 'properties'));

/** The documents of a block of YAML; throws where it is none. */
export function readDocuments(text: string): unknown[] {
  const read = readYaml(text, LIMITS);
  if ('mistakes' in read)
    throw new Error(read.mistakes.map(({ line, reason }) => `${line}: ${reason}`).join('; '));
  return read.documents.map(({ value }) => value);
}

/**
 * The block as the text of sets: one of whole objects as it stands, one of `spec` or of fields of a spec with what a set
 * needs besides. Undefined for YAML that is something else.
 */
export function toSetText({ text }: Block): string | undefined {
  const [first] = readDocuments(text);
  if (!isObject(first)) return undefined;
  const keys = Object.keys(first);
  if (keys.includes('apiVersion')) return text;
  if (keys.length === 1 && keys[0] === 'spec') return complete(text);
  if (keys.length > 0 && keys.every((key) => FIELDS.has(key))) return complete(`spec:\n${indent(text)}`);
  return undefined;
}

/** Most examples show a part of a spec. */
function complete(example: string): string {
  const generator = example.includes('  generators:') ? '' : '  generators: [{list: {elements: []}}]\n';
  const template = example.includes('  templates:') ? '' : '  templates: [{text: x}]\n';
  return `${HEAD}${example}${generator}${template}`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function fieldsOf(value: JsonObject, ...path: string[]): string[] {
  let at: unknown = value;
  for (const key of path) at = isObject(at) ? at[key] : undefined;
  return isObject(at) ? Object.keys(at) : [];
}
