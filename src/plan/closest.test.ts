import assert from 'node:assert/strict';
import { closest, describeClosest } from './closest.ts';

describe('closest', () => {
  const cases: [string, string, string[], string[]][] = [
    ['gives the closest first', 'ab', ['zzzz', 'abc', 'abcd'], ['abc', 'abcd', 'zzzz']],
    ['gives three at most', 'a', ['a1', 'a2', 'a3', 'a4'], ['a1', 'a2', 'a3']],
    ['does not look at the case', 'DATA.SIZE', ['data.side', 'spec.x'], ['data.side', 'spec.x']],
    ['prefers what holds the text', 'limit', ['limbo', 'spec.memory.limit'], ['spec.memory.limit', 'limbo']],
    ['names each once', 'a', ['ab', 'ab'], ['ab']],
    ['has nothing to give of nothing', 'a', [], []],
  ];
  for (const [title, wanted, candidates, expected] of cases) {
    it(title, () => assert.deepEqual(closest(wanted, candidates), expected));
  }

  it('takes little time for long names', () => {
    const long = Array.from({ length: 200 }, (_, index) => `${index}${'x'.repeat(100_000)}`);
    assert.equal(closest('x'.repeat(100_000), long).length, 3);
  });
});

describe('describeClosest', () => {
  const cases: [string[], string][] = [
    [[], ''],
    [['a'], '; the closest is "a"'],
    [['a', 'b'], '; the closest are "a" and "b"'],
    [['a', 'b', 'c'], '; the closest are "a", "b" and "c"'],
  ];
  for (const [candidates, expected] of cases) {
    it(`says ${expected || 'nothing'}`, () => assert.equal(describeClosest('x', candidates), expected));
  }
});
