import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatFieldTable, listFields } from '../config/field-table.ts';
import { generateFiles } from '../config/generate.ts';
import { generators } from '../generators/index.ts';
import { generatorSetSchema } from '../src/api/generatorset-schema.ts';
import { explainPattern } from '../src/api/patterns.ts';
import { readGeneratorSets } from '../src/api/read-sets.ts';
import { createValidator } from '../src/cli/set-reader.ts';
import type { JsonObject } from '../src/lib/json.ts';
import { checkTemplates } from '../src/render/check-templates.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = 'docs/spec/v1alpha1/generatorset.md';
const PAGES = [PAGE, 'README.md', 'docs/guides/safe-decisions.md', 'docs/guides/backtest.md'];
const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
const validate = createValidator({ generators }, { namespace: 'flux-system' });

const head = 'apiVersion: generatorset.dev/v1alpha1\nkind: GeneratorSet\nmetadata: {name: example}\n';

/** The YAML examples of the page as whole sets. */
function toSets(page: string): string[] {
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example]) => example ?? '');
  return examples.filter((example) => /^(apiVersion|spec):/.test(example)).map(complete);
}

/** Most examples show a part of a spec. */
function complete(example: string): string {
  if (example.startsWith('apiVersion:')) return example;
  const generator = example.includes('  generators:') ? '' : '  generators: [{list: {elements: []}}]\n';
  const template = example.includes('  templates:') ? '' : '  templates: [{text: x}]\n';
  return `${head}${example}${generator}${template}`;
}

describe('the generated files', () => {
  it('are what npm run generate writes', async () => {
    for (const [path, text] of await generateFiles()) {
      assert.equal(await readFile(join(ROOT, path), 'utf8'), text, `${path}: run npm run generate`);
    }
  });
});

describe('the specification of GeneratorSet', () => {
  it('names and describes every field of the schema', async () => {
    const page = await readFile(join(ROOT, PAGE), 'utf8');
    const fields = listFields(generatorSetSchema(schemas) as JsonObject);
    assert.ok(fields.length > 50);
    for (const { path, schema } of fields.filter((field) => field.schema['description'] !== WRITTEN)) {
      assert.ok(page.includes(`| \`${path}\` |`), `${path} is not in ${PAGE}`);
      assert.ok(String(schema['description'] ?? '').length > 5, `${path} has no description`);
    }
  });

  it('has a section for every generator', async () => {
    const page = await readFile(join(ROOT, PAGE), 'utf8');
    for (const { name } of generators) assert.ok(page.includes(`\n#### ${name}\n`), name);
  });

  for (const page of PAGES) {
    it(`has valid examples in ${page}`, async () => {
      const sets = toSets(await readFile(join(ROOT, page), 'utf8'));
      assert.ok(sets.length > 0);
      for (const text of sets) {
        const { sets: read, errors } = readGeneratorSets(text, page, { validate });
        assert.deepEqual(
          errors.map((error) => error.message),
          [],
          text,
        );
        assert.equal(read.length, 1);
        for (const loaded of read) checkTemplates(loaded);
      }
    });
  }
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

describe('listFields', () => {
  const name = { type: 'string', description: 'A name | with <marks>.' };
  const schema: JsonObject = {
    type: 'object',
    required: ['a'],
    properties: {
      a: { type: 'array', items: { type: 'object', properties: { b: { enum: ['x', 'y'], default: 'x' } } } },
      c: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      d: name,
    },
  };

  it('lists the fields of objects in lists', () => {
    assert.deepEqual(
      listFields(schema).map(({ path, required }) => [path, required]),
      [
        ['.a', true],
        ['.a[].b', false],
        ['.c', false],
        ['.d', false],
      ],
    );
  });

  it('lists no fields of generators that others run', () => {
    const entries = (properties: JsonObject): JsonObject => ({
      type: 'object',
      properties: { generators: { type: 'array', items: { type: 'object', properties } } },
    });
    const list: JsonObject = { type: 'object', properties: { elements: { type: 'array', items: name } } };
    const all: JsonObject = {
      type: 'object',
      properties: { spec: entries({ list, matrix: entries({ name, list }) }) },
    };
    assert.deepEqual(
      listFields(all).map(({ path }) => path.replace('.spec.generators[]', '')),
      [
        '.spec',
        '.spec.generators',
        '.list',
        '.list.elements',
        '.matrix',
        '.matrix.generators',
        '.matrix.generators[].name',
        '.matrix.generators[].list',
      ],
    );
  });

  it('writes a row for each', () => {
    assert.deepEqual(formatFieldTable(listFields(schema)).split('\n').slice(2), [
      '| `.a` | list of objects | Required.  |',
      '| `.a[].b` | `x`, `y`; default `x` |  |',
      '| `.c` | string or list of strings |  |',
      '| `.d` | string | A name \\| with \\<marks>. |',
    ]);
  });
});

const WRITTEN = 'Written by Kubernetes; ignored here.';
