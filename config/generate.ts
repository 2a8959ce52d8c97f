import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generators } from '../generators/index.ts';
import { generatorSetSchema } from '../src/api/generatorset-schema.ts';
import type { JsonObject } from '../src/lib/json.ts';
import { compileToModule } from './compiled-schema.ts';
import { formatFieldTable, listFields } from './field-table.ts';
import { generateManifests } from './manifests.ts';

const ROOT = join(import.meta.dirname, '..');
const BEGIN = '<!-- fields: written by npm run generate -->';
const END = '<!-- end of fields -->';

/** Every file that is made from the schema, by its path in the repository, with the text that it must have. */
export async function generateFiles(): Promise<Map<string, string>> {
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  const schema = generatorSetSchema(schemas);
  const spec = 'docs/spec/v1alpha1/generatorset.md';
  const page = await readFile(join(ROOT, spec), 'utf8');
  return new Map([
    ['schemas/generatorset_v1alpha1.json', formatJson(schema as JsonObject)],
    [spec, insertFields(page, schema as JsonObject)],
    ['src/api/compiled-schema.cjs', compileToModule(schema)],
    ...(await generateManifests()),
  ]);
}

/** JSON as the formatter of this repository wants it: lists of strings on one line. */
function formatJson(value: JsonObject): string {
  const lists = /\[\n\s+("(?:[^"\\]|\\.)*"(?:,\n\s+"(?:[^"\\]|\\.)*")*)\n\s+\]/g;
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(lists, (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`)}\n`;
}

/** Puts the table of all fields between the two marks of the page. */
function insertFields(page: string, schema: JsonObject): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the page needs the marks ${BEGIN} and ${END}`);
  const fields = listFields(schema).filter(({ path }) => !path.startsWith('.metadata.') || isWritten(path));
  return `${before}${BEGIN}\n\n${formatFieldTable(fields)}\n\n${END}${after}`;
}

/** What a person writes of `metadata`; the rest is Kubernetes' own. */
function isWritten(path: string): boolean {
  return ['.metadata.name', '.metadata.namespace', '.metadata.labels', '.metadata.annotations'].includes(
    path,
  );
}

if (import.meta.main) {
  for (const [path, text] of await generateFiles()) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
  }
}
