import assert from 'node:assert/strict';
import { describeClosest } from './closest.ts';

describe('describeClosest', () => {
  const cases: [title: string, wanted: string, candidates: string[], said: string][] = [
    ['says nothing of nothing', 'a', [], ''],
    ['names the only one', 'x', ['a'], '; the closest is "a"'],
    ['names two', 'x', ['a', 'b'], '; the closest are "a" and "b"'],
    ['names the closest first', 'ab', ['zz', 'abc', 'abcd'], '; the closest are "abc", "abcd" and "zz"'],
    ['names three at most', 'a', ['a1', 'a2', 'a3', 'a4'], '; the closest are "a1", "a2" and "a3"'],
    [
      'does not look at the case',
      'DATA.SIZE',
      ['spec.x', 'data.side'],
      '; the closest are "data.side" and "spec.x"',
    ],
    [
      'prefers what holds the text',
      'LIMIT',
      ['limbo', 'spec.memory.limit'],
      '; the closest are "spec.memory.limit" and "limbo"',
    ],
    ['names each once', 'a', ['ab', 'ab'], '; the closest is "ab"'],
  ];
  for (const [title, wanted, candidates, said] of cases) {
    it(title, () => assert.equal(describeClosest(wanted, candidates), said));
  }

  it('takes little time for long names', () => {
    const long = Array.from({ length: 200 }, (_, index) => `${index}${'x'.repeat(100_000)}`);
    assert.match(describeClosest('x'.repeat(100_000), long), /^; the closest are "0x/);
  });
});
