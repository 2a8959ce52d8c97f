import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson, isObject, type JsonValue, ownValue, parseJson, stringifyJson } from './json.ts';

describe('parseJson', () => {
  const cases: [string, JsonValue][] = [
    ['12345678901234567890', 12345678901234567890n],
    ['-9007199254740993', -9007199254740993n],
    ['9007199254740991', 9007199254740991],
    ['1e21', 1e21],
    ['1'.repeat(1000), BigInt('1'.repeat(1000))],
    ['1.50', 1.5],
    ['[1, {"a": null}]', [1, { a: null }]],
    ['"[[[[{{{{\\"[["', '[[[[{{{{"[['],
    ['[9007199254740993,"9007199254740993",1.25e3]', [9007199254740993n, '9007199254740993', 1250]],
    [
      '{"9007199254740993":{"a":[-12345678901234567890]}}',
      { '9007199254740993': { a: [-12345678901234567890n] } },
    ],
    ['"__proto__"', '__proto__'],
    ['{"\\u006f":"\\u005f_proto__"}', { o: '__proto__' }],
    ['0.12345678901234566', 0.12345678901234566],
    [`[${'{},'.repeat(10)}{}]`, Array<JsonValue>(11).fill({})],
  ];
  for (const [text, value] of cases)
    it(`reads ${text.slice(0, 30)}`, () => assert.deepEqual(parseJson(text), value));

  const refused: [string, RegExp][] = [
    ['{"a": {"__proto__": 1}}', /the key "__proto__" is refused/],
    ['{"\\u005f_pr\\u006Fto__": 1}', /the key "__proto__" is refused/],
    ['[12345678901234567890, {"__proto__": 1}]', /the key "__proto__" is refused/],
    ['['.repeat(65) + ']'.repeat(65), /nested deeper than 64 levels/],
    [`[${'{},'.repeat(1_000_000)}{}]`, /^more than 1000000 values and keys$/],
    [`[${'0,'.repeat(1_000_000)}0]`, /^more than 1000000 values and keys$/],
    [`[${'"",'.repeat(1_000_000)}""]`, /^more than 1000000 values and keys$/],
    [`[12345678901234567890, ${'1'.repeat(1001)}]`, /^a number has more than 1000 digits$/],
    [`${'9'.repeat(400)}.5`, /^a number is too large to be one$/],
    ['<html>secret</html>', /^not valid JSON/],
    ['{"a": ', /^not valid JSON/],
    ['NaN', /^not valid JSON/],
    ['{"a": [1e1000]}', /^a number is too large to be one$/],
    ['-1e999', /^a number is too large to be one$/],
    [`[${'1'.repeat(1_000_000)}]`, /^a number has more than 1000 digits$/],
    [`-${'1'.repeat(1000)}`, /^a number has more than 1000 digits$/],
    [`1.${'1'.repeat(1000)}`, /^a number has more than 1000 digits$/],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${text.slice(0, 30)} and does not quote it`, () => {
      assert.throws(() => parseJson(text), { name: 'SyntaxError', message });
      assert.throws(
        () => parseJson(text),
        (error: Error) => !error.message.includes('secret'),
      );
    });
  }

  it('reads back whatever it writes', () => {
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .filter(
            (number) => !Object.is(number, -0) && Number.isSafeInteger(number) === Number.isInteger(number),
          ),
        fc.array(tie('value')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (json) => assert.deepEqual(toPlain(parseJson(stringifyJson(json))), toPlain(json))),
    );
  });
});

/** Without the null prototypes that generated dictionaries have. */
function toPlain(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(toPlain);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]))
    : value;
}

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves lists alone', () => {
    assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: 3n }), '{"a":3,"b":[{"c":2,"d":1}]}');
  });

  it('writes every key, whatever its name', () => {
    const value = JSON.parse('{"b":1,"__proto__":{"a":2},"constructor":3}');
    assert.equal(canonicalJson(value), '{"__proto__":{"a":2},"b":1,"constructor":3}');
  });
});

describe('ownValue', () => {
  it('sees no inherited property', () => {
    assert.equal(ownValue({}, 'constructor'), undefined);
    assert.equal(ownValue({ constructor: 'x' }, 'constructor'), 'x');
  });
});
