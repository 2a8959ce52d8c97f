import assert from 'node:assert/strict';
import { processorTime } from '../../../test/harness/processor-time.ts';
import type { JsonValue } from '../../lib/json.ts';
import { throughJson } from './through-json.ts';

describe('throughJson', () => {
  const cases: { value: JsonValue; read: JsonValue | undefined; why: string }[] = [
    { value: { a: ['b', 1, null] }, read: { a: ['b', 1, null] }, why: 'ordinary values stay' },
    { value: 'a\u0085b', read: 'a b', why: 'one line break is a space' },
    { value: 'a \u0085 \u0085 b', read: 'a\nb', why: 'of two one is left, and no space' },
    { value: ' \u0085', read: ' ', why: 'so at the end' },
    { value: '\u0085\u0085', read: '\n', why: 'and where nothing else is' },
    { value: ' a\t\u0085', read: ' a\t ', why: 'what JSON escapes stays' },
    { value: 'a\u0085--- b', read: undefined, why: 'a document in a text is refused' },
    { value: 'a\u0085---b', read: 'a ---b', why: 'three dashes of a word are none' },
    { value: ['a\x7f'], read: undefined, why: 'DEL is no character of YAML' },
    { value: { 'a\u0085b': 1 }, read: undefined, why: 'a key stands on one line' },
    {
      value: { ['k'.repeat(1022)]: 1 },
      read: { ['k'.repeat(1022)]: 1 },
      why: 'a key may have 1024 characters',
    },
    { value: { ['k'.repeat(1023)]: 1 }, read: undefined, why: 'and no more' },
    { value: { ['<'.repeat(171)]: 1 }, read: undefined, why: 'escapes count' },
  ];
  for (const { value, read, why } of cases) {
    it(`${JSON.stringify(value).slice(0, 40)}: ${why}`, () => {
      const actual = throughJson(value);
      assert.equal(JSON.stringify(actual), JSON.stringify(read));
    });
  }

  it('takes time that grows with the text alone', () => {
    const started = processorTime();
    throughJson(`${' '.repeat(1_000_000)}\u0085`.repeat(3));
    throughJson('\u0085 '.repeat(1_000_000));
    assert.ok(processorTime() - started < 1500);
  });
});
