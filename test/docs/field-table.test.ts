import assert from 'node:assert/strict';
import { describeBounds } from '../../config/field-bounds.ts';
import { fillFieldTables, formatFieldTable, listFields } from '../../config/field-table.ts';
import { DURATION_PATTERN } from '../../src/lib/duration.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';

const name: JsonObject = { type: 'string', description: 'A name | with <marks>.', maxLength: 63 };
const schema: JsonObject = {
  type: 'object',
  required: ['a'],
  properties: {
    a: { type: 'array', items: { type: 'object', properties: { b: { enum: ['x', 'y'], default: 'x' } } } },
    c: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    d: name,
  },
};

describe('listFields', () => {
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
});

describe('formatFieldTable', () => {
  it('writes a row for each field', () => {
    assert.deepEqual(formatFieldTable(listFields(schema)).split('\n').slice(2), [
      '| `.a` | list of objects |  |  | Required. |',
      '| `.a[].b` | `x`, `y` | `x` |  |  |',
      '| `.c` | string or list of strings |  |  |  |',
      '| `.d` | string |  | at most 63 characters | A name \\| with \\<marks>. |',
    ]);
  });

  const defaults: readonly (readonly [given: JsonValue | undefined, cell: string])[] = [
    [undefined, ''],
    ['UTC', '`UTC`'],
    [false, '`false`'],
    [0, '`0`'],
    ['', '`""`'],
    [[], '`[]`'],
    [{}, ''],
  ];
  for (const [given, cell] of defaults) {
    it(`shows the default ${JSON.stringify(given)}`, () => {
      const field = { path: '.x', required: false };
      const inner: JsonObject = given === undefined ? {} : { default: given };
      const row = formatFieldTable([{ ...field, schema: { type: 'string', ...inner } }]).split('\n')[2];
      assert.equal(row?.split(' | ')[2], cell);
    });
  }
});

describe('fillFieldTables', () => {
  const mark = (path: string) => `<!-- fields of ${path} -->\n<!-- end of fields -->`;

  it('writes each field where the nearest mark is, and only once however often it is run', () => {
    const page = `# A\n\n${mark('.')}\n\ntext\n\n${mark('.a')}\n`;
    const filled = fillFieldTables(page, listFields(schema));
    const [first = '', second = ''] = filled.split('text');
    assert.deepEqual(pathsIn(first), ['.c', '.d']);
    assert.deepEqual(pathsIn(second), ['.a', '.a[].b']);
    assert.equal(fillFieldTables(filled, listFields(schema)), filled);
  });

  it('takes no path for another one that begins alike', () => {
    const fields = ['.ab', '.a'].map((path) => ({ path, schema: name, required: false }));
    const filled = fillFieldTables(`${mark('.a')}\n\n${mark('.')}`, fields);
    assert.deepEqual(pathsIn(filled), ['.a', '.ab']);
  });

  it('refuses a field without a mark, and a mark without a field', () => {
    assert.throws(() => fillFieldTables(mark('.a'), listFields(schema)), /no mark for \.c/);
    const page = `${mark('.')}\n\n${mark('.z')}`;
    assert.throws(() => fillFieldTables(page, listFields(schema)), /no field stands below the mark \.z/);
  });
});

function pathsIn(text: string): string[] {
  return [...text.matchAll(/^\| `(\.[^`]+)`/gm)].map(([, path = '']) => path);
}

describe('describeBounds', () => {
  const cases: readonly (readonly [schema: JsonObject, words: string])[] = [
    [{ type: 'string' }, ''],
    [{ type: 'string', minLength: 1 }, 'not empty'],
    [{ type: 'string', minLength: 1, maxLength: 16384 }, '1 to 16,384 characters'],
    [{ type: 'integer', minimum: 0, maximum: 10000 }, '0 to 10,000'],
    [{ type: 'integer', minimum: 1 }, 'at least 1'],
    [
      { type: 'string', pattern: DURATION_PATTERN, maxLength: 64 },
      'a duration in hours, minutes and seconds, such as 24h or 5m30s; at most 64 characters',
    ],
    [{ type: 'string', pattern: '^x$' }, '`^x$`'],
    [
      { type: 'array', minItems: 1, maxItems: 20, items: { type: 'string', maxLength: 5 } },
      '1 to 20 entries; each: at most 5 characters',
    ],
    [{ type: 'array', items: { type: 'object', minProperties: 1 } }, ''],
    [
      { type: 'object', maxProperties: 3, additionalProperties: { type: 'string', minLength: 1 } },
      'at most 3 fields; each: not empty',
    ],
    [{ type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] }, 'exactly one of `a`, `b`'],
    [{ type: 'object', anyOf: [{ required: ['a'] }, { required: ['b'] }] }, 'at least one of `a`, `b`'],
    [{ anyOf: [{ type: 'string', maxLength: 5 }, { type: 'array' }] }, ''],
  ];
  for (const [given, words] of cases) {
    it(`says ${words || 'nothing'} of ${JSON.stringify(given)}`, () =>
      assert.equal(describeBounds(given), words));
  }
});
