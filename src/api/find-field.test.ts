import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseYamlDocuments, stringifyYaml } from '../lib/yaml.ts';
import { findField } from './find-field.ts';

function find(text: string, offset: number) {
  const [yaml] = parseYamlDocuments(text);
  assert.ok(yaml);
  const before = text.slice(0, offset).split('\n');
  return findField(yaml, text, { line: before.length, column: (before.at(-1) ?? '').length + 1 });
}

describe('findField', () => {
  const text = 'a:\n- x @1\n- |\n  one\n  two @2\nk @3: "q\\n\\" @4"\nlast: @5\n';
  const cases = [
    { mark: '@1', path: ['a', 0], where: 'value', within: { line: 1, column: 3 } },
    { mark: '@2', path: ['a', 1], where: 'value', within: { line: 2, column: 5 } },
    { mark: '@3', path: ['k @3'], where: 'key', within: { line: 1, column: 3 } },
    { mark: '@4', path: ['k @3'], where: 'value', within: { line: 2, column: 3 } },
  ];
  for (const { mark, ...place } of cases) {
    it(`finds ${mark} in the ${place.where} of ${place.path.join('.')}`, () => {
      assert.deepEqual(find(text.replace('@5', '5'), text.indexOf(mark)), place);
    });
  }

  it('takes what is behind the last scalar for its end', () => {
    assert.deepEqual(find('a: b\n', 5), { path: ['a'], where: 'value', within: { line: 1, column: 2 } });
  });

  it('finds every action of whatever our own writer writes', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', ':', '"', "'", '\\', ' ', '\n', '#', 'é', '😀', '\t'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const value = `${before}@${after}`;
        const written = stringifyYaml({ first: 1, a: [{ b: value }], z: '' });
        const lines = before.split('\n');
        assert.deepEqual(find(written, written.indexOf('@')), {
          path: ['a', 0, 'b'],
          where: 'value',
          within: { line: lines.length, column: (lines.at(-1) ?? '').length + 1 },
        });
      }),
      { numRuns: 500 },
    );
  });
});
