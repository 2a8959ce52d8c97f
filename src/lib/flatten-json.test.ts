import assert from 'node:assert/strict';
import fc from 'fast-check';
import { flattenJson } from './flatten-json.ts';
import { nestsDeeper } from './json.ts';

describe('flattenJson', () => {
  const cases: [string, number, string][] = [
    ['1', 1, '1'],
    ['[1, {"a": [2]}]', 3, '[1, {"a": []}]'],
    ['[1, {"a": [2]}]', 2, '[1, {}]'],
    ['[1, {"a": [2]}]', 1, '[]'],
    ['{"a": [[1], [2]], "b": [[3]]}', 3, '{"a": [[], []], "b": [[]]}'],
    ['{"a": [[1], [2]], "b": 12345678901234567890}', 2, '{"a": [], "b": 12345678901234567890}'],
    ['["[{", "\\"[", "\\\\", [1]]', 2, '["[{", "\\"[", "\\\\", []]'],
    ['[["]", "}", "\\"]"], 1]', 2, '[[], 1]'],
  ];
  for (const [text, levels, expected] of cases) {
    it(`leaves ${levels} levels of ${text}`, () => assert.equal(flattenJson(text, levels), expected));
  }

  it('leaves what is flat enough as it is, and makes all else flat enough', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.integer({ min: 1, max: 9 }), (text, levels) => {
        const flat = flattenJson(text, levels);
        assert.equal(nestsDeeper(flat, levels), false);
        JSON.parse(flat);
        // The last level that is kept is empty, so one more is needed to keep all.
        if (!nestsDeeper(text, levels - 1)) assert.equal(flat, text);
      }),
    );
  });

  it('makes no JSON of what is none', () => {
    for (const text of ['[[1]', '[[1', '[["', '[[1]]]', '{"a": [}', '[[1}']) {
      const isJson = (it: string): boolean => {
        try {
          JSON.parse(it);
          return true;
        } catch {
          return false;
        }
      };
      // A wrong bracket within what is left out is of no account.
      if (text !== '[[1}') assert.equal(isJson(flattenJson(text, 2)), false, text);
    }
  });
});
