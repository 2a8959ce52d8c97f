import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { estimateRegexSize } from './regex-size.ts';

describe('estimateRegexSize', () => {
  const cases: [string, number][] = [
    ['', 0],
    ['abc', 3],
    ['a{1000}', 1000],
    ['a{2,7}', 7],
    ['a{3,}', 3],
    ['(ab){10}', 30],
    ['((a{10}){10}){10}', 1110],
    ['[a-z{}()]{5}', 5],
    ['[]a]{5}', 5],
    ['[^]a]{5}', 5],
    ['\\({5}', 5],
    ['a{b}', 4],
    ['((((', 0],
    ['))))', 4],
    ['[unclosed', 1],
    ['a{0}', 1],
  ];
  for (const [pattern, size] of cases) {
    it(`gives ${size} for ${JSON.stringify(pattern)}`, () => {
      assert.equal(estimateRegexSize(pattern), size);
    });
  }

  it('is never far below what RE2 makes of a pattern', () => {
    const atom = fc.constantFrom('a', '.', '\\d', '[a-c]', '\\(', 'é');
    const count = fc.constantFrom('', '*', '+', '?', '{3}', '{2,5}', '{1,}', '{9}');
    const pattern = fc.letrec<{ one: string; many: string }>((tie) => ({
      one: fc.oneof(
        { maxDepth: 3 },
        fc.tuple(atom, count).map((parts) => parts.join('')),
        fc.tuple(tie('many'), count).map(([inner, times]) => `(${inner})${times}`),
      ),
      many: fc.array(tie('one'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    })).many;
    fc.assert(
      fc.property(pattern, (text) => {
        let size: number;
        try {
          size = RE2JS.compile(text).programSize();
        } catch {
          return;
        }
        assert.ok(size <= 4 * estimateRegexSize(text) + 10, `${text}: ${size}`);
      }),
      { numRuns: 300 },
    );
  });
});
