import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from './json.ts';
import { parseJson } from './json.ts';
import { queryJsonPath } from './json-path.ts';

const STORE: JsonValue = {
  name: 'store',
  teams: [
    { name: 'a', members: 3, tags: ['x', 'y'], active: true },
    { name: 'b', members: 12, tags: [], active: false },
    { name: 'c', members: 7, tags: ['z'], active: true, lead: 'kim' },
  ],
  labels: { 'app.kubernetes.io/name': 'demo', plain: 'yes', "it's": 1 },
  nothing: null,
  empty: [],
  matrix: [
    [1, 2],
    [3, 4],
  ],
};

const FOUND: [string, JsonValue[]][] = [
  ['{ .name }', ['store']],
  ['{.name}', ['store']],
  ['.name', ['store']],
  ['$.name', ['store']],
  ['{$.name}', ['store']],
  ['{@.name}', ['store']],
  ['{.teams[0].name}', ['a']],
  ['.teams[0].name', ['a']],
  ['{.teams[-1].name}', ['c']],
  ['{.teams[*].name}', ['a', 'b', 'c']],
  ['{.teams[:].name}', ['a', 'b', 'c']],
  ['{.teams.*.name}', ['a', 'b', 'c']],
  ['{.teams[0:2].name}', ['a', 'b']],
  ['{.teams[1:].name}', ['b', 'c']],
  ['{.teams[:1].name}', ['a']],
  ['{.teams[-2:].name}', ['b', 'c']],
  ['{.teams[0:-1].name}', ['a', 'b']],
  ['{.teams[::2].name}', ['a', 'c']],
  ['{.teams[1:1]}', []],
  ['{.teams[0,2].name}', ['a', 'c']],
  ["{.teams[0]['name','members']}", ['a', 3]],
  ["{['name']}", ['store']],
  ['{["name"]}', ['store']],
  ["{.labels['app.kubernetes.io/name']}", ['demo']],
  ["{.labels['app\\.kubernetes\\.io/name']}", ['demo']],
  ['{.labels.app\\.kubernetes\\.io/name}', ['demo']],
  ["{.labels['it\\'s']}", [1]],
  ['{.labels.*}', ['demo', 'yes', 1]],
  ['{.matrix[*][1]}', [2, 4]],
  ['{.matrix[1][0]}', [3]],
  ['{.nothing}', [null]],
  ['{.empty}', [[]]],
  ['{.empty[*]}', []],
  ['{.empty[*].name}', []],
  ['{.teams[*].tags[*]}', ['x', 'y', 'z']],
  ['{.teams[*].lead}', ['kim']],
  ['{..lead}', ['kim']],
  ['{..tags[0:0]}', []],
  ['{.teams..name}', ['a', 'b', 'c']],
  ['{.teams[?(@.name=="b")].members}', [12]],
  ["{.teams[?(@.name=='b')].members}", [12]],
  ['{.teams[?(@.name != "b")].name}', ['a', 'c']],
  ['{.teams[?(@.members > 5)].name}', ['b', 'c']],
  ['{.teams[?(@.members >= 7)].name}', ['b', 'c']],
  ['{.teams[?(@.members < 7)].name}', ['a']],
  ['{.teams[?(@.members<=7.0)].name}', ['a', 'c']],
  ['{.teams[?(@.active==true)].name}', ['a', 'c']],
  ['{.teams[?(@.lead)].name}', ['c']],
  ['{.teams[?(@.tags[0])].name}', ['a', 'c']],
  ['{.teams[?(@.tags[?(@=="z")])].name}', ['c']],
  ['{.teams[?("b"==@.name)].name}', ['b']],
  ['{.matrix[?(@[0]>1)]}', [[3, 4]]],
  ['{.name}{.matrix[0]}', ['store', [1, 2]]],
  ['{.name} {.name}', ['store', 'store']],
];

const REFUSED: [string, RegExp][] = [
  ['', /column 1 of the JSONPath: the expression is empty/],
  ['name', /column 1 of the JSONPath: a path starts with/],
  ['{.name', /column 7 of the JSONPath: expected "}", not the end/],
  ['{.name} text', /column 9 of the JSONPath: expected "{", not "t"/],
  ['.name }', /column 7 of the JSONPath: unexpected "}"/],
  ['{range .teams[*]}{.name}{end}', /column 2 of the JSONPath: expected "}", not "r"/],
  ['{.teams[}', /column 9 of the JSONPath: expected an index/],
  ['{.teams[0}', /column 10 of the JSONPath: expected "]"/],
  ['{.teams[a]}', /column 9 of the JSONPath: expected an index/],
  ["{.labels['x]}", /column 10 of the JSONPath: the quote is not closed/],
  ['{.teams[0:2:0]}', /the step of a slice must be at least 1/],
  ['{.teams[99999999999]}', /the index is too large/],
  ['{...name}', /column 4 of the JSONPath: expected a field name/],
  ['{.teams[?(@.name==)]}', /column 19 of the JSONPath: expected "@", a quoted text/],
  ['{.teams[?(@.name==x)]}', /expected "@", a quoted text/],
  ['{.teams[?(@.name=="a"]}', /column 22 of the JSONPath: expected "\)"/],
  ['{.teams[?(@.name~"a")]}', /"name~" is not found|expected/],
  ['{.teams[(@.length-1)]}', /expected an index/],
  ['{.missing}', /"missing" is not found/],
  ['{.teams[*].missing}', /"missing" is not found/],
  ['{.nothing.below}', /"below" is not found/],
  ['{.name.below}', /"below" is not found/],
  ['{.teams[3]}', /index 3 is out of range: the list has 3 items/],
  ['{.teams[-4]}', /index -4 is out of range/],
  ['{.empty[0]}', /index 0 is out of range: the list has 0 items/],
  ['{.teams[0:4]}', /slice 0:4 is out of range/],
  ['{.teams[2:1]}', /slice 2:1 is out of range/],
  ['{.name[0]}', /\[0\] needs a list, not a text/],
  ['{.labels[*]}', /a slice needs a list, not an object/],
  ['{.labels[?(@.x)]}', /a filter needs a list, not an object/],
  ['{.teams[?(@.lead=="kim")]}', /"lead" is not found/],
  ['{.teams[?(@.name==3)]}', /cannot compare a text with a number/],
  ['{.teams[?(@.tags==3)]}', /cannot compare a list with a number/],
  ['{.teams[?(@.active<true)]}', /booleans have no order/],
  ['{.matrix[?(@[*]==1)]}', /compares one value at a time, its path gives 2/],
  [`{.${'a'.repeat(2000)}}`, /longer than 1024 characters/],
];

describe('queryJsonPath', () => {
  for (const [expression, expected] of FOUND) {
    it(`finds ${expression}`, () => assert.deepEqual(queryJsonPath(expression, STORE), expected));
  }

  for (const [expression, expected] of REFUSED) {
    it(`refuses ${expression.slice(0, 40)}`, () => {
      assert.throws(() => queryJsonPath(expression, STORE), { message: expected });
    });
  }

  it('compares integers of any size by value', () => {
    const data = parseJson('{"a": [{"n": 9007199254740993}, {"n": 9007199254740992}]}');
    assert.deepEqual(queryJsonPath('{.a[?(@.n==9007199254740993)].n}', data), [9007199254740993n]);
    assert.deepEqual(queryJsonPath('{.a[?(@.n>1)].n}', data).length, 2);
  });

  for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    it(`does not see the inherited property ${key}`, () => {
      assert.throws(() => queryJsonPath(`{.${key}}`, { a: 1 }), /is not found/);
      assert.throws(() => queryJsonPath(`{.a['${key}']}`, { a: [] }), /is not found/);
      assert.deepEqual(queryJsonPath(`{.a[?(@.${key})]}`, { a: [{ b: 1 }] }), []);
    });
  }

  it('refuses a query that visits too much', () => {
    const wide = { a: Array.from({ length: 60_000 }, () => ({ b: [1] })) };
    assert.throws(() => queryJsonPath('{..b}', wide), /visits more than 100000 values/);
    assert.throws(() => queryJsonPath('{.a[?(@..b)]}', wide), /visits more than 100000 values/);
  });

  it('finds any key by its quoted name', () => {
    const key = fc.string().filter((name) => name !== '__proto__');
    fc.assert(
      fc.property(key, fc.integer(), (name, value) => {
        const quoted = name.replace(/[\\']/g, '\\$&');
        assert.deepEqual(queryJsonPath(`{['${quoted}']}`, { [name]: value }), [value]);
      }),
    );
  });

  it('either gives values or throws an Error, for any text', () => {
    const pieces = [
      '{',
      '}',
      '.',
      '..',
      '[',
      ']',
      '?(',
      ')',
      '@',
      '$',
      '*',
      ':',
      ',',
      "'",
      '"',
      '\\',
      'a',
      '1',
      '-',
      '==',
      '<',
      ' ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (parts) => {
        try {
          assert.ok(Array.isArray(queryJsonPath(parts.join(''), { a: [{ a: 1 }] })));
        } catch (error) {
          assert.match((error as Error).message, /JSONPath/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
