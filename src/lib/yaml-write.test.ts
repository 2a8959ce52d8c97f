import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { readCorpus, type StringCase, type ValueCase } from '../../test/conformance/content/corpus.ts';
import { hostileStrings, hostileValues } from '../../test/conformance/content/yaml-inputs.ts';
import type { JsonValue } from './json.ts';
import { parseYaml, parseYamlDocuments } from './yaml-read.ts';
import { isWrittenAsBlock, stringifyYaml, stringifyYamlDocuments } from './yaml-write.ts';

describe('stringifyYaml', () => {
  it('writes what Go has read back as the same strings and values', () => {
    for (const { text, written } of readCorpus<StringCase>('strings')) {
      assert.equal(stringifyYaml({ v: text }), written);
    }
    for (const { value, written } of readCorpus<ValueCase>('values')) {
      assert.equal(stringifyYaml({ v: value }), written);
    }
  });

  it('writes what is read back as the same value, whatever the value', () => {
    fc.assert(
      fc.property(hostileValues, (value) => assert.deepEqual(parseYaml(stringifyYaml(value)), value)),
    );
  });

  it('writes strings that readers of YAML 1.2 take for the same strings', () => {
    fc.assert(
      fc.property(hostileStrings, (text) => {
        const [document] = parseAllDocuments(stringifyYaml({ [text]: text }), { version: '1.2' });
        assert.ok(document && 'toJS' in document);
        assert.deepEqual(document.toJS(), { [text]: text });
      }),
    );
  });

  const cases: { value: JsonValue; text: string; why?: string }[] = [
    { value: null, text: 'null\n' },
    { value: [], text: '[]\n' },
    { value: {}, text: '{}\n' },
    { value: 'a\nb\n', text: '"a\\nb\\n"\n', why: 'no block at the root' },
    { value: { b: 1, a: 2 }, text: 'b: 1\na: 2\n', why: 'the order of keys is kept' },
    { value: { a: [1, [2, 3], { b: 4, c: [] }] }, text: 'a:\n- 1\n- - 2\n  - 3\n- b: 4\n  c: []\n' },
    { value: { a: { b: [], c: {} } }, text: 'a:\n  b: []\n  c: {}\n' },
    { value: { a: 'x\n  y\n' }, text: 'a: |\n  x\n    y\n' },
    { value: { a: 'x\ny' }, text: 'a: |-\n  x\n  y\n' },
    { value: { a: 'x\n\n' }, text: 'a: |+\n  x\n\n' },
    { value: { a: '\n x' }, text: 'a: |2-\n\n   x\n' },
    { value: { a: 'x \ny' }, text: 'a: "x \\ny"\n', why: 'spaces before a break would be lost' },
    { value: { a: 'x\ty' }, text: 'a: "x\\ty"\n' },
    { value: { a: 'yes', no: '1' }, text: 'a: "yes"\n"no": "1"\n' },
    {
      value: { a: '2001-01-01', b: '12:30', c: '=', d: '1e1000' },
      text: 'a: "2001-01-01"\nb: "12:30"\nc: "="\nd: "1e1000"\n',
    },
    { value: { a: "it's", b: "'", c: '# x' }, text: "a: it's\nb: ''''\nc: '# x'\n" },
    {
      value: { a: '\u2028', b: '\u0085', c: '\0', d: '\ufeff' },
      text: 'a: "\\u2028"\nb: "\\x85"\nc: "\\0"\nd: "\\uFEFF"\n',
    },
    { value: { a: '\ud800' }, text: 'a: "\ufffd"\n', why: 'half a character is none' },
    {
      value: { a: 12345678901234567890n, b: -0, c: 1e21 },
      text: 'a: 12345678901234567890\nb: 0\nc: 1e+21\n',
    },
    { value: { a: 'x'.repeat(300) }, text: `a: ${'x'.repeat(300)}\n`, why: 'no line is folded' },
    {
      value: { ['k'.repeat(200)]: 1 },
      text: `? ${'k'.repeat(200)}\n: 1\n`,
      why: 'readers look for ":" nearby',
    },
  ];
  for (const { value, text, why } of cases) {
    it(`${JSON.stringify(text.slice(0, 50))}${why ? `: ${why}` : ''}`, () =>
      assert.equal(stringifyYaml(value), text));
  }

  it('sorts keys as Go does when asked', () => {
    const value = Object.fromEntries(['a10', 'a9', 'B', '_', '10', '9', 'a1'].map((key) => [key, 0]));
    const keys = stringifyYaml(value, { sortKeys: true }).match(/^[^:]+/gm);
    assert.deepEqual(keys, ['_', '"9"', '"10"', 'B', 'a1', 'a9', 'a10']);
  });

  it('refuses what JSON has no number for', () => {
    assert.throws(() => stringifyYaml({ a: Number.NaN }), RangeError);
  });
});

describe('stringifyYamlDocuments', () => {
  it('separates documents, so that none runs into the next', () => {
    assert.equal(
      stringifyYamlDocuments([{ a: 1 }, { b: 'x\n\n' }, []]),
      '---\na: 1\n---\nb: |+\n  x\n\n---\n[]\n',
    );
    assert.equal(stringifyYamlDocuments([]), '');
  });

  it('gives as many documents as there are values', () => {
    fc.assert(
      fc.property(
        fc.array(
          hostileValues.filter((value) => value !== null),
          { maxLength: 4 },
        ),
        (values) => {
          const read = parseYamlDocuments(stringifyYamlDocuments(values)).map((document) => document.value);
          assert.deepEqual(read, values);
        },
      ),
    );
  });
});

describe('isWrittenAsBlock', () => {
  for (const [text, isBlock] of [
    ['a\nb', true],
    ['a\n', true],
    ['a', false],
    ['a \nb', false],
    ['a\nb ', false],
    ['a\n\tb', false],
    ['\n', false],
  ] as const) {
    it(`${JSON.stringify(text)}: ${isBlock}`, () => assert.equal(isWrittenAsBlock(text), isBlock));
  }
});
