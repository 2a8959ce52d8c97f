import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type JsonValue, stringifyJson } from '../lib/json.ts';
import { parseYaml } from '../lib/yaml.ts';
import { toApplyText } from './apply-text.ts';

describe('toApplyText', () => {
  it('stays the same JSON, without characters that YAML 1.1 does not have or folds', () => {
    const odd = fc.constantFrom(
      '\u007f',
      '\u0085',
      '\u009f',
      '\u2028',
      '\u2029',
      '\ufeff',
      '\ufffe',
      '\uffff',
      '"',
      '\\',
      'ä',
      '\u{1f600}',
      '\n',
    );
    const text = fc.string({ unit: fc.oneof(odd, fc.string({ minLength: 1, maxLength: 1 })) });
    fc.assert(
      fc.property(text, text, (key, value) => {
        const json = stringifyJson({ [`k${key}`]: value });
        const written = toApplyText(json);
        assert.deepEqual(JSON.parse(written), JSON.parse(json));
        // biome-ignore format: one class of characters
        assert.doesNotMatch(written, /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/);
      }),
    );
  });

  it('is read as YAML with the very same values', () => {
    const value: JsonValue = {
      n: 1e21,
      i: 2n ** 70n,
      t: 'yes: \u2028 \u0085 - #',
      l: [true, null, '012', '1e3'],
    };
    assert.deepEqual(parseYaml(toApplyText(stringifyJson(value))), value);
  });
});
