import assert from 'node:assert/strict';
import type { JsonValue } from './json.ts';
import { valueAt } from './value-at.ts';

describe('valueAt', () => {
  const value: JsonValue = { a: [{ b: null }, [1]], '0': 'zero', empty: {} };
  const cases: [path: (string | number)[], found: JsonValue | undefined][] = [
    [[], value],
    [['a', 0, 'b'], null],
    [['a', 1, 0], 1],
    [['a', 2], undefined],
    [['a', '0'], undefined],
    [['a', 'length'], undefined],
    [['0'], 'zero'],
    [[0], 'zero'],
    [['0', 0], undefined],
    [['empty', 'toString'], undefined],
    [['__proto__'], undefined],
    [['a', 0, 'b', 'c'], undefined],
  ];
  for (const [path, found] of cases) {
    it(`finds ${JSON.stringify(found) ?? 'nothing'} at ${JSON.stringify(path)}`, () =>
      assert.deepEqual(valueAt(value, path), found));
  }
});
