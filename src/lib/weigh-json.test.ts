import assert from 'node:assert/strict';
import type { JsonValue } from './json.ts';
import { weighJson } from './weigh-json.ts';

describe('weighJson', () => {
  const cases: readonly (readonly [value: JsonValue, weight: number])[] = [
    [null, 16],
    [true, 16],
    [1.5, 16],
    [12345678901234567890n, 16],
    ['text', 20],
    [[], 48],
    [{}, 48],
    [[1, 'a'], 48 + 16 + 17],
    [{ key: { k: null } }, 48 + 19 + 48 + 17 + 16],
    [JSON.parse('{"__proto__": 1, "constructor": 2}') as JsonValue, 48 + 25 + 16 + 27 + 16],
  ];
  for (const [value, weight] of cases) {
    it(`gives ${weight} for ${JSON.stringify(value, (_, it) => (typeof it === 'bigint' ? `${it}` : it))}`, () =>
      assert.equal(weighJson(value), weight));
  }
});
