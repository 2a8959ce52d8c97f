import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { listDocumentedFields } from '../../config/documented-fields.ts';
import { generators } from '../../generators/index.ts';
import { readGeneratorSets } from '../../src/api/read-sets.ts';
import * as reasons from '../../src/api/reasons.ts';
import { statusSchema } from '../../src/api/status.ts';
import { createValidator } from '../../src/cli/set-reader.ts';
import { isObject, type JsonValue } from '../../src/lib/json.ts';
import { ROOT } from '../harness/run-program.ts';
import { fencedBlocks, inlineCode, readPage, readPages } from './pages.ts';
import { readDocuments, schema, toSetText } from './sets-of-pages.ts';

const PAGE = readPage('docs/spec/v1alpha1/generatorset.md');
const fields = new Map(listDocumentedFields(schema).map((field) => [field.path, field]));
const validate = createValidator({ generators }, { namespace: 'flux-system' });

/** A row of a table of fields. */
interface Row {
  readonly path: string;
  readonly holds: string;
  readonly fallback: string;
  readonly bounds: string;
  readonly meaning: string;
}

const rows: Row[] = PAGE.text.split('\n').flatMap((line) => {
  const cells = line.split(/ (?<!\\)\| /).map((cell) => cell.replaceAll(/\\([|<])/g, '$1').trim());
  const path = /^\| `(\..+)`$/.exec(cells[0] ?? '')?.[1];
  if (path === undefined || cells.length !== 5) return [];
  const [, holds = '', fallback = '', bounds = '', meaning = ''] = cells;
  return [{ path, holds, fallback, bounds, meaning: meaning.replace(/ \|$/, '') }];
});

/** Every field that stands in a value, as paths of a table: `.spec.generators[].list`. */
function pathsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, `${path}[]`));
  if (!isObject(value as JsonValue)) return [];
  return Object.entries(value as object).flatMap(([key, inner]) => [
    `${path}.${key}`,
    ...pathsIn(inner, `${path}.${key}`),
  ]);
}

/** The numbers that a text has, without the separators of thousands. */
function numbersIn(text: string): number[] {
  return [...text.replaceAll(/(?<=\d),(?=\d{3})/g, '').matchAll(/-?\b\d+/g)].map(([digits]) =>
    Number(digits),
  );
}

describe('the tables of the specification', () => {
  it('have each field of the schema and of the status once, and no other', () => {
    assert.deepEqual(rows.map(({ path }) => path).sort(), [...fields.keys()].sort());
    assert.ok(rows.length > 200, `${rows.length} fields`);
  });

  it('say of each what it means, and whether it must be there', () => {
    for (const { path, meaning } of rows) {
      assert.ok(meaning.replace('Required. ', '').length > 4, `${path} has no meaning`);
      assert.equal(meaning.startsWith('Required. '), fields.get(path)?.required, path);
    }
  });

  it('have the values, the defaults and the limits of the schema', () => {
    for (const { path, holds, fallback, bounds } of rows) {
      const { schema: wanted = {} } = fields.get(path) ?? {};
      const { enum: values, default: given } = wanted;
      if (Array.isArray(values)) assert.equal(holds, values.map((value) => `\`${value}\``).join(', '), path);
      assert.equal(fallback, given === undefined || isObject(given) ? '' : `\`${given}\``, path);
      const limits = Object.entries(wanted).filter(([keyword]) => /^(min|max)/.test(keyword));
      for (const [keyword, limit] of limits) {
        const isSaid =
          numbersIn(bounds).includes(Number(limit)) || (limit === 1 && bounds.includes('not empty'));
        assert.ok(isSaid, `${path}: ${keyword} ${limit} is not in "${bounds}"`);
      }
    }
  });

  it('are not the only place that names fields, and no other names unknown ones', () => {
    const known = new Set([...fields.keys()].flatMap((path) => [path, path.replaceAll('[]', '')]));
    const pages = readPages().filter(({ path }) => path !== OTHER_TOOLS);
    const named = pages.flatMap((page) =>
      inlineCode(page).filter((code) => /^\.?(spec|status)(\.[\w[\]]+)+$/.test(code)),
    );
    const unknown = named.filter((code) => {
      const path = `.${code.replace(/^\./, '')}`.replaceAll(/\[\d*\]/g, '');
      return !known.has(path) && !FOREIGN.has(path);
    });
    assert.ok(named.length > 50, `${named.length} fields`);
    assert.deepEqual([...new Set(unknown)], []);
  });
});

/** The page whose tables are about kinds of other tools. */
const OTHER_TOOLS = 'docs/guides/migrate.md';

/** Fields of other kinds that pages speak of. */
const FOREIGN = new Set([
  '.spec.ref',
  '.spec.url',
  '.spec.ignore',
  '.spec.secretRef',
  '.spec.values.resources',
  '.spec.list.0.name',
  '.spec.list.name',
  '.status.artifact',
]);

describe('the examples of the specification', () => {
  const texts = fencedBlocks(PAGE).filter(({ language }) => language === 'yaml');

  it('show every field that a person can write', () => {
    const shown = new Set(
      texts.flatMap((block) => readDocuments(toSetText(block) ?? '{}').flatMap((value) => pathsIn(value))),
    );
    const writable = [...fields.keys()].filter((path) => path.startsWith('.spec.') && !isChild(path));
    assert.deepEqual(
      writable.filter((path) => !shown.has(path)),
      [],
    );
  });

  it('show a status as it is', () => {
    const [status] = texts
      .flatMap(({ text }) => readDocuments(text))
      .flatMap((value) => {
        return isObject(value as JsonValue) ? ((value as { status?: object }).status ?? []) : [];
      });
    const isValid = new Ajv({ allErrors: true }).compile(statusSchema);
    assert.ok(isValid(status), JSON.stringify(isValid.errors));
  });
});

/** A generator that another one runs has its fields where it stands itself. */
function isChild(path: string): boolean {
  return /\.(matrix|merge)\.generators\[\]\.(?!name$)/.test(path);
}

describe('the specification', () => {
  it('has a section for every generator', () => {
    for (const { name } of generators) assert.ok(PAGE.text.includes(`\n#### ${name}\n`), name);
  });

  it('names every reason of a condition', () => {
    const section = PAGE.text.slice(PAGE.text.indexOf('\n#### Reasons\n'));
    const named = [...section.matchAll(/^\| `(\w+)` \| `/gm)].map(([, reason]) => reason);
    for (const reason of Object.values(reasons)) assert.ok(named.includes(reason), reason);
    for (const reason of thrownReasons()) assert.ok(section.includes(`\`${reason}\``), reason);
  });

  const told = [...PAGE.text.matchAll(/^\| `(\w+: .*)` \| `(spec\..*)` \|$/gm)];
  for (const [, written = '', message = ''] of told) {
    it(`says what ${written} is told`, () => {
      const block = { language: 'yaml', text: `spec:\n  ${written}\n`, line: 1 };
      const { errors } = readGeneratorSets(toSetText(block) ?? '', 'sets.yaml', { validate });
      assert.deepEqual(
        errors.map((error) => error.message.replace(/^sets\.yaml:\d+:\d+: /, '')),
        [message],
      );
    });
  }

  it('shows mistakes', () => assert.ok(told.length > 5));
});

/** The words that errors of generators and steps are thrown with. */
function thrownReasons(): string[] {
  const code = readCode();
  const thrown = [
    ...code.matchAll(/new (?:Stalled|Waiting|Delivery)Error\(\s*'([A-Z][A-Za-z]+)'/g),
    ...code.matchAll(/reason: '([A-Z][A-Za-z]+)', after/g),
  ];
  return [...new Set(thrown.map(([, reason = '']) => reason))];
}

function readCode(): string {
  return ['src', 'generators']
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT }))
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');
}
