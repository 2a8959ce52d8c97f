import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from './json.ts';
import { mergeDeep } from './merge-deep.ts';

const options = { noNullPrototype: true };
const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), options) as fc.Arbitrary<JsonObject>;
const key = fc.constantFrom('a', 'b', 'c', '__proto__');
const flat = fc.dictionary(key, fc.integer(), options) as fc.Arbitrary<JsonObject>;

describe('mergeDeep', () => {
  const cases: readonly (readonly [title: string, base: JsonObject, over: JsonObject, merged: JsonObject])[] =
    [
      ['keeps what only one has, in its order', { a: 1, b: 2 }, { c: 3 }, { a: 1, b: 2, c: 3 }],
      ['takes the later value', { a: 1 }, { a: 'x' }, { a: 'x' }],
      [
        'takes a later value that is empty',
        { a: 1, b: 2, c: 3, d: 4 },
        { a: 0, b: '', c: false, d: null },
        { a: 0, b: '', c: false, d: null },
      ],
      [
        'merges objects',
        { a: { b: 1, c: { d: 2 } } },
        { a: { c: { e: 3 } } },
        { a: { b: 1, c: { d: 2, e: 3 } } },
      ],
      ['replaces lists', { a: [1, 2] }, { a: [3] }, { a: [3] }],
      ['replaces an object by a text', { a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
      ['replaces a text by an object', { a: 'x' }, { a: { b: 1 } }, { a: { b: 1 } }],
      ['keeps every digit', { a: 1 }, { a: 9007199254740993n }, { a: 9007199254740993n }],
    ];
  for (const [title, base, over, merged] of cases) {
    it(title, () => {
      const result = mergeDeep(base, over);
      assert.deepEqual(result, merged);
      assert.deepEqual(Object.keys(result), Object.keys(merged));
    });
  }

  it('reaches no prototype, whatever the keys are', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    );
    for (const [base, over] of [
      [{}, hostile],
      [hostile, {}],
      [hostile, hostile],
      [{ constructor: 1, toString: 2 } as unknown as JsonObject, hostile],
    ] as [JsonObject, JsonObject][]) {
      const merged = mergeDeep(base, over);
      assert.equal(Object.getPrototypeOf(merged), Object.prototype);
      assert.ok(Object.hasOwn(merged, '__proto__'));
      assert.equal(({} as JsonObject)['polluted'], undefined);
    }
    assert.deepEqual(mergeDeep({ a: 1 }, { toString: 2 } as unknown as JsonObject), { a: 1, toString: 2 });
  });

  it('changes neither, and shares nothing with them', () => {
    fc.assert(
      fc.property(json, json, (base, over) => {
        const before = structuredClone([base, over]);
        const merged = mergeDeep(base, over);
        assert.deepEqual(new Set(Object.keys(merged)), new Set([...Object.keys(base), ...Object.keys(over)]));
        const parts = new Set(containersIn(base).concat(containersIn(over)));
        assert.ok(containersIn(merged).every((container) => !parts.has(container)));
        assert.deepEqual([base, over], before);
      }),
    );
  });

  it('gives the same, however three are grouped', () => {
    fc.assert(
      fc.property(flat, flat, flat, (a, b, c) => {
        assert.deepEqual(mergeDeep(mergeDeep(a, b), c), mergeDeep(a, mergeDeep(b, c)));
      }),
    );
  });
});

function containersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containersIn)];
}
