import assert from 'node:assert/strict';
import { readCorpus, type ScalarCase, type StringCase } from '../../test/conformance/content/corpus.ts';
import type { JsonValue } from './json.ts';
import { isNotFinite, isOneLinePlain, isWrittenPlain, resolvePlainScalar } from './yaml-scalar.ts';

/** Go makes floats of integers that 64 bits can't hold; we keep every digit. */
function asGo(value: JsonValue): JsonValue {
  if (typeof value !== 'bigint' || (value >= -(2n ** 63n) && value < 2n ** 64n)) return value;
  return Number(value);
}

describe('resolvePlainScalar', () => {
  it('reads every scalar of the corpus as Go reads it', () => {
    for (const { text, value } of readCorpus<ScalarCase>('scalars')) {
      if (value === undefined) assert.throws(() => resolvePlainScalar(text), RangeError, text);
      else assert.deepEqual(asGo(resolvePlainScalar(text)), asGo(value), `${text}: ${value}`);
    }
  });

  const cases = [
    { text: '', value: null, why: 'nothing is null' },
    { text: '9007199254740993', value: 9007199254740993n, why: 'no digit beyond 2^53 is lost' },
    { text: '-9007199254740993', value: -9007199254740993n, why: 'nor below -2^53' },
    {
      text: '123456789012345678901234567890',
      value: 123456789012345678901234567890n,
      why: 'nor beyond 2^64',
    },
    { text: '9007199254740991', value: 9007199254740991, why: 'what fits is a number' },
    { text: 'Y', value: true, why: 'one letter is a boolean' },
    { text: 'yEs', value: 'yEs', why: 'but not in any spelling' },
    { text: '2001-01-01', value: '2001-01-01', why: 'dates stay strings' },
    { text: '12:30:45', value: '12:30:45', why: 'so do numbers to the base 60' },
    { text: '0x10000000000000000', value: '0x10000000000000000', why: 'hexadecimal ends at 64 bits' },
    { text: 'constructor', value: 'constructor', why: 'words of JavaScript mean nothing' },
  ];
  for (const { text, value, why } of cases) {
    it(`${JSON.stringify(text)}: ${why}`, () => assert.equal(resolvePlainScalar(text), value));
  }

  for (const text of ['1'.repeat(1001), `0b-${'1'.repeat(1001)}`, `1_${'0'.repeat(1_000_000)}`]) {
    it(`refuses the number ${text.slice(0, 10)}..., whose reading takes long, and would quote it`, () => {
      assert.throws(() => resolvePlainScalar(text), { message: /^a number has more than 1000 digits/ });
      assert.equal(isWrittenPlain(text), false);
    });
  }

  it('says what to do with infinity', () => {
    assert.throws(() => resolvePlainScalar('-.Inf'), {
      message: '-.Inf is no number that JSON can hold; quote it',
    });
  });
});

describe('isWrittenPlain', () => {
  it('knows every string of the corpus that Go writes without quotes', () => {
    const cases = readCorpus<StringCase>('strings');
    assert.ok(cases.some(({ plain }) => plain) && cases.some(({ plain }) => !plain));
    for (const { text, plain } of cases) assert.equal(isWrittenPlain(text), plain, JSON.stringify(text));
  });

  for (const [text, plain] of [
    ['{{ .Element.name }}', false],
    ['x-{{ .Element.name }}', true],
    ['${{ .Element.n }}', true],
    ['key: {{ .x }}', false],
    ['[[ .x ]]', false],
    ['a\nb', false],
    ['<< .x >>', true],
  ] as const) {
    it(`${JSON.stringify(text)} is ${plain ? '' : 'not '}plain`, () =>
      assert.equal(isWrittenPlain(text), plain));
  }
});

describe('isOneLinePlain', () => {
  for (const [text, plain] of [
    ['a b', true],
    ['-a', true],
    ['- a', false],
    ['a: b', false],
    ['a:', false],
    ['a:b', true],
    ['a #b', false],
    ['a#b', true],
    ['[a', false],
    ['a]', true],
    ['a\nb', false],
    ['a\u2028b', false],
    ['', false],
  ] as const) {
    it(`${JSON.stringify(text)}: ${plain}`, () => assert.equal(isOneLinePlain(text), plain));
  }
});

describe('isNotFinite', () => {
  for (const [text, expected] of [
    ['.inf', true],
    ['+.INF', true],
    ['.NaN', true],
    ['-.nan', false],
    ['inf', false],
  ] as const) {
    it(`${text}: ${expected}`, () => assert.equal(isNotFinite(text), expected));
  }
});
