import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFields } from '../config/field-table.ts';
import { generateFiles } from '../config/generate.ts';
import { generators } from '../generators/index.ts';
import { generatorSetSchema } from '../src/api/generatorset-schema.ts';
import { explainPattern } from '../src/api/patterns.ts';
import type { JsonObject } from '../src/lib/json.ts';

const ROOT = join(import.meta.dirname, '..');
const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
describe('the generated files', () => {
  it('are what npm run generate writes', async () => {
    for (const [path, text] of await generateFiles()) {
      assert.equal(await readFile(join(ROOT, path), 'utf8'), text, `${path}: run npm run generate`);
    }
  });
});

describe('the schema of GeneratorSet', () => {
  const fields = listFields(generatorSetSchema(schemas) as JsonObject);

  it('has words for each of its patterns', () => {
    const patterns = fields
      .map(({ schema }) => schema['pattern'])
      .filter((pattern) => typeof pattern === 'string');
    assert.ok(patterns.length > 10);
    for (const pattern of patterns) assert.ok(explainPattern(pattern), pattern);
  });

  it('says of every object which fields it may have', () => {
    const open = fields.filter(
      ({ schema }) => schema['type'] === 'object' && schema['additionalProperties'] !== false,
    );
    assert.deepEqual(
      open.map(({ path }) => path),
      [
        '.metadata.labels',
        '.metadata.annotations',
        '.spec.generators[].prometheus.queries',
        '.spec.generators[].prometheus.headers',
        '.spec.generators[].object.selector.matchLabels',
        '.spec.generators[].cluster.selector.matchLabels',
        '.spec.generators[].cluster.secretSelector.matchLabels',
        '.spec.templates[].content',
        '.spec.templates[].values',
        '.status',
      ],
    );
  });

  it('bounds the length of what a user names', () => {
    const names = fields.filter(
      ({ path, schema }) => /\.(name|url|path|branch|interval)$/.test(path) && schema['type'] === 'string',
    );
    const unbounded = names.filter(
      ({ path, schema }) => schema['maxLength'] === undefined && !path.endsWith('interval'),
    );
    assert.ok(names.length > 10);
    assert.deepEqual(
      unbounded.map(({ path }) => path),
      [],
    );
  });
});
