import assert from 'node:assert/strict';
import { parseJson } from '../../lib/json.ts';
import { fromJsonValue } from './from-json-value.ts';

const TEXT = '{"a":[12345678901234567890,1.5,7],"b":{"c":-9007199254740993},"d":[null,true,"x"]}';

describe('JSON as a value', () => {
  it('keeps the digits of integers under exact numbers', () => {
    const value = fromJsonValue(parseJson(TEXT), 'exact');
    assert.deepEqual(structuredClone(value), {
      a: [12345678901234567890n, 1.5, 7],
      b: { c: -9007199254740993n },
      d: [null, true, 'x'],
    });
  });

  for (const mode of ['go', 'int64'] as const) {
    it(`has Go's floats under ${mode} numbers, however deep`, () => {
      const value = fromJsonValue(parseJson(TEXT), mode);
      assert.deepEqual(structuredClone(value), {
        a: [12345678901234567000, 1.5, 7],
        b: { c: -9007199254740992 },
        d: [null, true, 'x'],
      });
    });
  }

  it('has maps without a prototype', () => {
    const value = fromJsonValue(parseJson('{"a":{}}'), 'exact') as { a: object };
    assert.equal(Object.getPrototypeOf(value), null);
    assert.equal(Object.getPrototypeOf(value.a), null);
  });
});
