import assert from 'node:assert/strict';
import type { JsonValue } from '../lib/json.ts';
import { readBlock } from './read-block.ts';
import { readPlain } from './read-plain.ts';
import type { Piece } from './template/compile-template.ts';

/** `<x>` is a value, `«x»` one in quotes, `⟦x⟧` is safe, all else literal. */
function piecesOf(text: string): Piece[] {
  return (
    text.match(/<[^>]*>|«[^»]*»|⟦[^⟧]*⟧|[^<«⟦]+/gu)?.map((part): Piece => {
      if (part.startsWith('<')) return { text: part.slice(1, -1), kind: 'value' };
      if (part.startsWith('«')) return { text: part.slice(1, -1), kind: 'value', isQuoted: true };
      if (part.startsWith('⟦')) return { text: part.slice(1, -1), kind: 'safe' };
      return { text: part, kind: 'literal' };
    }) ?? []
  );
}

describe('readPlain', () => {
  const cases: { pieces: string; value: JsonValue }[] = [
    { pieces: '<5>', value: 5 },
    { pieces: '<yes>', value: true },
    { pieces: '<010>', value: 8 },
    { pieces: '<9007199254740993>', value: 9007199254740993n },
    { pieces: '', value: null },
    { pieces: '<>', value: null },
    { pieces: '< 5 >', value: 5 },
    { pieces: '<.inf>', value: '.inf' },
    { pieces: '<1><2>', value: 12 },
    { pieces: 'x-<5>', value: 'x-5' },
    { pieces: '<a: b>', value: 'a: b' },
    { pieces: '<[1, 2]>', value: '[1, 2]' },
    { pieces: '<"a">', value: '"a"' },
    { pieces: '<5\n>', value: '5\n' },
    { pieces: '<*a>', value: '*a' },
    { pieces: '<---\na: b>', value: '---\na: b' },
    { pieces: '<a #b>', value: 'a #b' },
    { pieces: '«"5"»', value: '5' },
    { pieces: ' «"yes"» ', value: 'yes' },
    { pieces: '«""»', value: '' },
    { pieces: '«»', value: null },
    { pieces: "«'5'»", value: '5' },
    { pieces: "«'it's: #'»", value: "it's: #" },
    { pieces: '«"a\\"b\\n- c: \\u2028"»', value: 'a"b\n- c: \u2028' },
    { pieces: '«"a: b"», «"c"»', value: '"a: b", "c"' },
    { pieces: '[«"5"», <5>, x«"a: b"»]', value: ['5', 5, 'x"a: b"'] },
    { pieces: '{«"k: x"»: «"}"»}', value: { 'k: x': '}' } },
    { pieces: 'x: «"5"»', value: { x: '5' } },
    { pieces: '\'«"a: b"»\'', value: '"a: b"' },
    { pieces: '"«"a: b"»"', value: '"a: b"' },
    { pieces: '"«"5"»"', value: '"5"' },
    { pieces: 'x-«"a: b"»', value: 'x-"a: b"' },
    { pieces: '⟦{"a": 1}⟧', value: { a: 1 } },
    { pieces: '⟦a: 1\nb: yes⟧', value: { a: 1, b: true } },
    { pieces: '⟦\n    a: 1\n    b: 2⟧', value: { a: 1, b: 2 } },
    { pieces: '⟦"5"⟧', value: '5' },
    { pieces: '[<5>, "<5>", <a, b>]', value: [5, '5', 'a, b'] },
    { pieces: '{<k: x>: <]>}', value: { 'k: x': ']' } },
    { pieces: '[<\ue0000\ue001>, "<x>", ]', value: ['\ue0000\ue001', 'x'] },
  ];
  for (const { pieces, value } of cases) {
    it(`${JSON.stringify(pieces)} is ${JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item))}`, () => {
      assert.deepEqual(readPlain(piecesOf(pieces)), value);
    });
  }

  it('refuses safe text that is no YAML', () => {
    assert.throws(() => readPlain(piecesOf('[⟦{⟧')), { name: 'YamlError' });
  });
});

describe('readBlock', () => {
  const cases: { template: string; pieces: string; text: string }[] = [
    { template: 'a\n', pieces: 'a\n', text: 'a\n' },
    { template: 'a\n', pieces: 'a\n\n\n', text: 'a\n' },
    { template: 'a\n', pieces: '\n\n', text: '' },
    { template: 'a\nb', pieces: 'a\n\n', text: 'a' },
    { template: 'a\n\n', pieces: 'a\n\n\n', text: 'a\n\n\n' },
    { template: 'a\nb', pieces: 'a\n<b\n>', text: 'a\nb\n' },
    { template: 'a\nb', pieces: 'a\n⟦b\nc⟧', text: 'a\nb\nc' },
    { template: '{{ x }}\na\n', pieces: '\n  a\n    b\n', text: '\na\n  b\n' },
    { template: ' {{ x }}\na\n', pieces: '   a\n  b\n', text: '   a\n  b\n' },
    { template: '{{ x }}\na\n', pieces: '  a\nb\n', text: '  a\nb\n' },
    { template: '{{ x }}\na\n', pieces: '<  a>\nb\n', text: '  a\nb\n' },
  ];
  for (const { template, pieces, text } of cases) {
    it(`${JSON.stringify(pieces)} of ${JSON.stringify(template)} is ${JSON.stringify(text)}`, () => {
      assert.equal(readBlock(piecesOf(pieces), template), text);
    });
  }
});
