import assert from 'node:assert/strict';
import fc from 'fast-check';
import { valueAt } from '../lib/value-at.ts';
import { parseYamlDocuments, stringifyYaml } from '../lib/yaml.ts';
import type { Path } from './source.ts';
import { createYamlSource } from './yaml-source.ts';

function sourceOf(text: string, root: Path = []) {
  const [yaml] = parseYamlDocuments(text);
  assert.ok(yaml);
  return { source: createYamlSource('set.yaml', text, { yaml, root }), value: yaml.value };
}

/** Line and column, inside the value, of its first `{{`. */
function placeOfAction(text: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf('{{'));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

describe('createYamlSource', () => {
  const block = 'a:\n  b: 1\n  c:\n  - x\n  - y: [2, {z: 3}]\nd:\n';
  const places: [text: string, path: Path, place: string][] = [
    [block, [], '1:1'],
    [block, ['a'], '2:3'],
    [block, ['a', 'b'], '2:6'],
    [block, ['a', 'c'], '4:3'],
    [block, ['a', 'c', 0], '4:5'],
    [block, ['a', 'c', 1, 'y'], '5:8'],
    [block, ['a', 'c', 1, 'y', 1, 'z'], '5:16'],
    [block, ['d'], '6:1'],
    [block, ['d', 'e'], '6:1'],
    [block, ['a', 'missing', 'deeper'], '2:3'],
    [block, ['a', 'c', 7], '4:3'],
    [block, ['a', 'b', 'deeper'], '2:6'],
    ['# comment\n\n---\n# another\na: 1\n', ['a'], '5:4'],
    ['{\n\t"a": {"b":\t5}\n}', ['a', 'b'], '2:13'],
    ['a: &x {b: 1}\nc: *x\n', ['c', 'b'], '1:11'],
    ['a: !!str 5\n', ['a'], '1:10'],
    ['"a b": 1\n', ['a b'], '1:8'],
    ['1: x\n', ['1'], '1:4'],
    ['a:\r\n  b: 1\r\n', ['a', 'b'], '2:6'],
    ['\uFEFFa:\n  b: 1\n', ['a', 'b'], '2:6'],
    ['{"😀": 1, "日": 2}\n', ['日'], '1:15'],
  ];
  for (const [text, path, place] of places) {
    it(`finds ${JSON.stringify(path)} of ${JSON.stringify(text)} at ${place}`, () => {
      const { line, column, file } = sourceOf(text).source.locate(path);
      assert.equal(`${line}:${column}`, place);
      assert.equal(file, 'set.yaml');
    });
  }

  const keys: [path: Path, place: string][] = [
    [['a', 'b'], '2:3'],
    [['a', 'c', 1, 'y'], '5:5'],
    [['d'], '6:1'],
    [['a', 'c', 1], '5:5'],
    [['a', 'nothing'], '2:3'],
  ];
  for (const [path, place] of keys) {
    it(`finds the key of ${JSON.stringify(path)} at ${place}`, () => {
      const { line, column } = sourceOf(block).source.locateKey(path);
      assert.equal(`${line}:${column}`, place);
    });
  }

  it('finds a character of a key', () => {
    const { line, column } = sourceOf('a:\n  "x\\t{{ y }}": 1\n').source.locateKey(['a', 'x\t{{ y }}'], {
      line: 1,
      column: 3,
    });
    assert.equal(`${line}:${column}`, '2:7');
  });

  it('starts at the object that it is the source of', () => {
    const { source } = sourceOf(block, ['a', 'c', 1]);
    assert.deepEqual(source.locate(['y', 0]), { file: 'set.yaml', line: 5, column: 9 });
  });

  it('gives the lines of the file', () => {
    const { source } = sourceOf('a: 1\r\nb: 2\n');
    assert.deepEqual(
      [source.line(1), source.line(2), source.line(3), source.line(9), source.line(0)],
      ['a: 1', 'b: 2', '', undefined, undefined],
    );
  });
});

describe('a place inside a scalar', () => {
  const scalars: [title: string, text: string][] = [
    ['plain', 'a: one {{ x }}\n'],
    ['plain, over lines', 'a: one\n  two\n\n  three {{ x }}\n'],
    ['single quotes', "a: 'it''s {{ x }}'\n"],
    ['single quotes, over lines', "a: 'it''s\n\n    here {{ x }}'\n"],
    ['single quotes, the first character', "a: '{{ x }}'\n"],
    ['double quotes', 'a: "one {{ x }}"\n'],
    ['double quotes with escapes', 'a: "\\n\\t\\"\\u0041\\x42\\U0001F600\\u0020\\e {{ x }}"\n'],
    ['double quotes with a continued line', 'a: "one \\\n    two {{ x }}"\n'],
    ['double quotes, folded', 'a: "one\n  two\n\n  {{ x }}"\n'],
    ['double quotes, CRLF', 'a: "one\r\n  two\r\n\r\n  {{ x }}"\r\n'],
    ['literal', 'a: |\n  one\n  two {{ x }}\n'],
    ['literal, first line', 'a: |\n  {{ x }}\n'],
    ['literal, CRLF', 'a: |\r\n  one\r\n    two {{ x }}\r\n'],
    ['literal with blank lines', 'a: |\n\n\n  one\n\n  {{ x }}\n'],
    ['literal with an indentation indicator', 'a: |2-\n    one\n   {{ x }}\n'],
    ['literal with a comment', 'a: |+ # comment | {{\n  one\n  {{ x }}\n\n'],
    ['literal with tabs', 'a: |\n  one\n  \t{{ x }}\n'],
    ['literal with an anchor and a tag', 'a: &b !!str |\n  one\n  {{ x }}\n'],
    ['literal in a list', 'a:\n- |\n  one\n  {{ x }}\n'],
    ['literal in a deep list', 'a:\n  - - |\n      one\n        {{ x }}\n'],
    ['folded', 'a: >\n  one\n  two\n\n  three {{ x }}\n'],
    ['folded with deeper lines', 'a: >-\n  one\n    two\n  {{ x }}\n'],
    ['folded, CRLF', 'a: >\r\n  one\r\n  {{ x }}\r\n'],
    ['JSON', '{"a": "\\n  one\\n {{ x }}"}'],
    ['JSON with tabs', '{\n\t"a":\t"\\t{{ x }}"\n}'],
  ];
  for (const [title, text] of scalars) {
    it(`is found in ${title}`, () => {
      const { source, value } = sourceOf(text);
      const path = text.includes('- - ') ? ['a', 0, 0] : text.includes('\n- ') ? ['a', 0] : ['a'];
      const place = source.locate(path, placeOfAction(String(valueAt(value, path))));
      assert.equal(source.line(place.line)?.slice(place.column - 1, place.column + 5), '{{ x }}'.slice(0, 6));
      assert.ok(!source.line(place.line)?.includes('comment'));
    });
  }

  it('is the next character after the text at its end', () => {
    const { source } = sourceOf('a: one two\n');
    assert.deepEqual(source.locate(['a'], { line: 1, column: 8 }), { file: 'set.yaml', line: 1, column: 11 });
  });

  it('is the white space itself', () => {
    const { source } = sourceOf('a: "one   two"\n');
    assert.deepEqual(source.locate(['a'], { line: 1, column: 5 }), { file: 'set.yaml', line: 1, column: 9 });
  });

  for (const within of [
    { line: 99, column: 1 },
    { line: 1, column: 99 },
    { line: 2, column: 99 },
  ]) {
    it(`stays in the file for ${JSON.stringify(within)}`, () => {
      for (const text of ['a: |\n  b\n', 'a: b\n', 'a: ""\n', "a: ''\n", 'a: >\n  b\n', 'a: |\n']) {
        const { line, column } = sourceOf(text).source.locate(['a'], within);
        assert.ok(line >= 1 && line <= 3 && column >= 1, `${line}:${column}`);
      }
    });
  }

  it('is right for every character of whatever our own writer writes', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', ':', '"', "'", '\\', ' ', '\n', '#', '{', 'é', '\t'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(texts, (inner) => {
        const { source } = sourceOf(stringifyYaml({ a: { b: `${inner}@{{ x }}` } }));
        const { line, column } = source.locate(
          ['a', 'b'],
          placeOfAction(`${inner.replaceAll('{{', '{-')}@{{ x }}`),
        );
        assert.equal(source.line(line)?.slice(column - 2, column + 1), '@{{');
      }),
    );
  });
});
