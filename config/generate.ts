import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generators } from '../generators/index.ts';
import { generatorSetSchema } from '../src/api/generatorset-schema.ts';
import type { JsonObject } from '../src/lib/json.ts';
import { compileToModule } from './compiled-schema.ts';
import { listDocumentedFields } from './documented-fields.ts';
import { fillFieldTables } from './field-table.ts';
import { formatJson } from './format-json.ts';
import { generateManifests } from './manifests.ts';

const ROOT = join(import.meta.dirname, '..');

/** Every file that is made from the schema, by its path in the repository, with the text that it must have. */
export async function generateFiles(): Promise<Map<string, string>> {
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  const schema = generatorSetSchema(schemas);
  const spec = 'docs/spec/v1alpha1/generatorset.md';
  const page = await readFile(join(ROOT, spec), 'utf8');
  return new Map([
    ['schemas/generatorset_v1alpha1.json', formatJson(schema as JsonObject)],
    [spec, fillFieldTables(page, listDocumentedFields(schema as JsonObject))],
    ['src/api/compiled-schema.cjs', compileToModule(schema)],
    ...(await generateManifests()),
  ]);
}

if (import.meta.main) {
  for (const [path, text] of await generateFiles()) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
  }
}
