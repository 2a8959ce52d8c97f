import fc from 'fast-check';
import type { JsonValue } from '../../../src/lib/json.ts';

const WORDS = [
  'y',
  'yes',
  'true',
  'on',
  'n',
  'no',
  'false',
  'off',
  'null',
  '.inf',
  '.nan',
  'inf',
  'nan',
  'infinity',
];

/** Plain scalars whose meaning readers disagree about. */
const TRAPS = [
  '~ -.inf +.inf .Inf .NaN 010 0o17 0o8 0777 08 09 0_8 00 0 -0 +0 -0.0 1_000 1__0 _1 1_ 0_ 0x 0x1F 0X1f 0x_1F -0x1F 0xg',
  '0b11 -0b11 0b 0B1 0b12 0b-11 0b+11 0O7 1e3 1E3 1e+3 1e-7 1e1000 -1e1000 1e-1000 1.5e 1.e3 .5 -.5 +.5 1. . .. ... .e3',
  '.1e3 .1_0 .1__0 .1_ ._1 1_000.5 1._5 0x1p-2 1.2.3 v1.2 1,000 12:30:45 1:30 190:20:30.15 -1:30 1:60 12:30: ::1',
  '2001-01-01 2001-1-1 2001-13-01 2001-02-30 2004-02-29 2001-12-14t21:59:43.10-05:00 2001-01-01T00:00:00Z 2001-01-01T00:00:00',
  '12345678901234567890 -12345678901234567890 9007199254740991 9007199254740992 9007199254740993 -9007199254740993',
  '9223372036854775807 -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616',
  '0xFFFFFFFFFFFFFFFF 0x10000000000000000 -0x8000000000000000 07777777777777777777777 123456789.123 0.1 1e21 1e20 100Mi 250m',
  '<< = - -- -a ?a :a a:b a#b a- + +a a+b /a/b a@b a%b a!b a&b a*b é ñandú 日本 5m 1h30m 1.10 1.0 =a',
];

/** Every plain scalar of the corpus: the traps, the words in all spellings, and random numbers in disguise. */
export function scalarTexts(): string[] {
  const words = WORDS.flatMap((word) => [
    word,
    word.toUpperCase(),
    word[0]?.toUpperCase() + word.slice(1),
    `${word}x`,
  ]);
  const dates = ['2001-1-1 1:1:1', '2001-01-01 00:00:00.5', 'a b', 'a  b', 'yes no'];
  const disguise = fc.constantFrom(...'0123789_.eE+-xboaF:');
  const random = fc.sample(fc.array(disguise, { minLength: 1, maxLength: 7 }), { numRuns: 300, seed: 7 });
  const texts = random.map((characters) => characters.join(''));
  const all = [...TRAPS.join(' ').split(' '), ...words, ...dates, ...texts];
  return [...new Set(all)].filter((text) => !/^[-?:]$|:$/.test(text));
}

const PARTS = [
  ...[
    'a',
    'b',
    'x',
    '0',
    '1',
    '8',
    '9',
    ' ',
    ' ',
    '\n',
    '\n',
    '\t',
    ':',
    '#',
    '-',
    '.',
    '_',
    'e',
    'E',
    'o',
    'y',
    'n',
    '~',
  ],
  ...[
    '|',
    '>',
    '"',
    "'",
    '\\',
    '{',
    '}',
    '[',
    ']',
    '&',
    '*',
    '!',
    '%',
    '@',
    '`',
    '?',
    ',',
    '=',
    '<',
    'é',
    '\u2028',
  ],
  ...[
    '\u2029',
    '\u0085',
    '\ufeff',
    '\0',
    '\x7f',
    '\u00a0',
    '😀',
    '\r',
    'yes',
    'null',
    '0x',
    'true',
    'on',
    '.inf',
    '---',
  ],
  ...[
    '...',
    '<<',
    '2001-01-02',
    ': ',
    ' #',
    '- ',
    '12:30',
    '{{ .a }}',
    '${{ .b }}',
    '%YAML 1.2',
    '&a',
    '*a',
    '!!str ',
  ],
];

/** Strings with everything that YAML cares about, in any order. */
export const hostileStrings: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...PARTS), { maxLength: 8 })
  .map((parts) => parts.join(''));

/** Doubles beyond 2^53 that are written with all digits are read back as bigint: 0.5 stands in for them. */
function toReadable(value: number): number {
  const isLong = Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
  return isLong ? 0.5 : value + 0;
}

const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(toReadable),
  fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
);

/** Any JSON value, with hostile keys and strings. */
export const hostileValues: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    hostileStrings,
    hostileStrings,
    numbers as fc.Arbitrary<JsonValue>,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      hostileStrings.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

/** Whole documents, each a point on which readers differ, or which must be refused. */
export const DOCUMENTS = [
  ...[
    '{q: 1, p: 2}',
    '1: a\n1.5: b\ntrue: c',
    'yes: 1',
    '0x10: a',
    '010: b',
    '1e3: c',
    '1.10: x',
    '~: 1',
    '? [a]\n: b',
  ],
  ...[
    'a: &x 1\nb: *x',
    'a: &x {p: 1}\nb: {<<: *x, q: 2}',
    '<<: {a: 1}\nb: 2',
    '<<: [{a: 1}, {a: 2, b: 3}]\nc: 4',
    '<<: 1',
  ],
  ...[
    '"<<": 1',
    '? &k a\n: *k',
    '&a k: 1\nb: *a',
    'a: *b',
    'a: &x 1\nb: &x 2\nc: *x',
    'a: "\\x00"',
    'a: "\\u2028"',
  ],
  ...[
    'a: |\n  x\n  y\n',
    'a: >\n  x\n  y\n',
    'a: >-\n  x\n\n  y',
    'a: |+\n  x\n\nb: 1',
    'a: |2-\n    x',
    "a: 'it''s'",
  ],
  ...[
    'a:\n\tb: 1',
    'a: b: c',
    'a: @x',
    'a: `x',
    'a: %x',
    'a: x%',
    'a: [1,2',
    'a: [1,,2]',
    '{a: 1,}',
    'a: {b}',
    'a: [b: c]',
  ],
  ...[
    'a:\n- 1\n-  2\nb:\n  - 3',
    'a:\n  - 1\n - 2',
    '- a\n-b',
    'a: -',
    '? a',
    'a: ?x',
    'a: -x',
    'a: ::',
    '"a" : 1',
    'a : 1',
  ],
  ...[
    'a: !!str 5',
    'a: !!int "5"',
    'a: !!float 3',
    'a: !!bool "yes"',
    'a: !!int foo',
    'a: !!binary aGk=',
    'a: !foo 5',
    'a: ! 5',
  ],
  ...[
    'a: !!set {b}',
    'a: !!timestamp 2001-01-01',
    'a: .inf',
    'a: -.INF',
    'a: .nan',
    '%YAML 1.1\n---\na: yes',
    '\ufeffa: 1',
  ],
  ...[
    'a: 1 #c',
    '# only',
    '--- ',
    'null',
    '~',
    'a: x\ty',
    'a\0: 1',
    'a: \x07',
    "a: 'x'y",
    'a: "x" y',
    'a: "\\q"',
    'constructor: 1',
  ],
];
