import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostileStrings, hostileValues } from '../../../test/conformance/content/yaml-inputs.ts';
import { processorTime } from '../../../test/harness/processor-time.ts';
import type { JsonValue } from '../../lib/json.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { writeYaml } from './write-yaml.ts';

const WORDS = 'some words '.repeat(9).trim();

describe('writeYaml', () => {
  const cases: { why: string; value: JsonValue; text: string; exact?: string; unfolded?: string }[] = [
    { why: 'scalars alone', value: 'a', text: 'a\n' },
    {
      why: 'lists below their key without indentation',
      value: { a: [1, { b: 2, c: 3 }] },
      text: 'a:\n- 1\n- b: 2\n  c: 3\n',
    },
    { why: 'lists in lists', value: [[1, []], {}], text: '- - 1\n  - []\n- {}\n' },
    {
      why: 'what YAML 1.1 reads otherwise in quotes',
      value: ['y', '010', '1:30', '2001-01-01', '~'],
      text: '- "y"\n- "010"\n- "1:30"\n- "2001-01-01"\n- "~"\n',
    },
    {
      why: 'indicators in single quotes',
      value: ['- a', '#', "'", 'a: b', ' a'],
      text: "- '- a'\n- '#'\n- ''''\n- 'a: b'\n- ' a'\n",
    },
    {
      why: 'blocks that strip, clip and keep',
      value: ['a\nb', 'a\n', 'a\n\n', '\n'],
      text: '- |-\n  a\n  b\n- |\n  a\n- |+\n  a\n\n- |2+\n\n',
    },
    {
      why: 'the indentation of a block that begins with a space',
      value: { a: ' x\ny' },
      text: 'a: |2-\n   x\n  y\n',
    },
    { why: 'spaces before a line break in double quotes', value: 'a \nb', text: '"a \\nb"\n' },
    { why: 'escapes', value: '\0\t\x07\x1b\u00a0😀', text: '"\\0\\t\\a\\e\u00a0\\U0001F600"\n' },
    {
      why: 'every character behind a byte order mark as an escape',
      value: '\ufeffa b',
      text: '"\\uFEFF\\x61\\x20\\x62"\n',
    },
    {
      why: 'folded lines',
      value: { a: WORDS },
      text: `a: ${WORDS.slice(0, 81)}\n  ${WORDS.slice(82)}\n`,
      unfolded: `a: ${WORDS}\n`,
    },
    {
      why: 'folded single quotes',
      value: `- ${WORDS}`,
      text: `'- ${WORDS.slice(0, 81)}\n  ${WORDS.slice(82)}'\n`,
      unfolded: `'- ${WORDS}'\n`,
    },
    {
      why: 'two spaces at a fold by a backslash',
      value: `\t${'x'.repeat(80)}  y`,
      text: `"\\t${'x'.repeat(80)}\n  \\ y"\n`,
      unfolded: `"\\t${'x'.repeat(80)}  y"\n`,
    },
    {
      why: 'long keys, and keys of several lines, behind a question mark',
      value: { ['k'.repeat(129)]: [1], 'a\nb': { c: 1 } },
      text: `? |-\n  a\n  b\n: c: 1\n? ${'k'.repeat(129)}\n: - 1\n`,
    },
    {
      why: 'floats as Go prints them',
      value: [1e6, 1234567.5, 1e-7, 1e21, -0],
      text: '- 1000000\n- 1.2345675e+06\n- 1e-07\n- 1e+21\n- 0\n',
      exact: '- 1000000\n- 1234567.5\n- 0.0000001\n- 1000000000000000000000\n- 0\n',
    },
    {
      why: 'integers of 64 bits',
      value: [2n ** 64n - 1n, 2n ** 64n, 2 ** 62],
      text: '- 18446744073709551615\n- 1.8446744073709552e+19\n- 4611686018427388000\n',
      exact: '- 18446744073709551615\n- 18446744073709551616\n- 4611686018427388000\n',
    },
    { why: 'merge keys, which are none', value: { '<<': 1 }, text: '<<: 1\n', exact: '"<<": 1\n' },
    { why: 'separators of lines', value: 'a\u2028b', text: "'a\u2028  b'\n", exact: '"a\\Lb"\n' },
  ];
  for (const { why, value, text, exact = text, unfolded = text } of cases) {
    it(`writes ${why}`, () => {
      assert.equal(writeYaml(value, { mode: 'go' }), text);
      assert.equal(writeYaml(value, { mode: 'go', folds: false }), unfolded);
      assert.equal(writeYaml(value, { mode: 'exact' }), exact);
    });
  }

  it('writes what reads back as the same value, whatever it holds', () => {
    fc.assert(
      fc.property(hostileValues, fc.boolean(), (value, folds) => {
        assert.deepEqual(toDoubles(parseYaml(writeYaml(value, { mode: 'exact', folds }))), toDoubles(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('folds long texts so that they read back as the same', () => {
    const long = fc.array(fc.oneof(hostileStrings, fc.constantFrom(' ', 'word ', WORDS)), { maxLength: 30 });
    fc.assert(
      fc.property(long, (parts) => {
        const text = parts.join('');
        assert.deepEqual(parseYaml(writeYaml([text, { a: text }], { mode: 'exact' })), [text, { a: text }]);
      }),
      { numRuns: 500 },
    );
  });

  it('gives equal maps equal texts, also where the order of keys has circles', () => {
    const keys = ['12:30', '1e', '3'];
    const texts = [keys, keys.toReversed(), ['1e', '12:30', '3']].map((order) =>
      writeYaml(Object.fromEntries(order.map((key) => [key, 0])), { mode: 'go' }),
    );
    assert.equal(new Set(texts).size, 1);
  });

  it('refuses what has no YAML in JSON', () => {
    assert.throws(() => writeYaml([Number.NaN], { mode: 'exact' }), /json: unsupported value: NaN/);
  });

  const large: { why: string; value: JsonValue }[] = [
    { why: 'escapes', value: '😀'.repeat(2_000_000) },
    { why: 'indented lines', value: nest('\nx'.repeat(1_000_000), 60) },
    { why: 'spaces', value: `\t${' a'.repeat(9_000_000)}` },
  ];
  for (const { why, value } of large) {
    it(`refuses a text that ${why} make too large, before it is made`, () => {
      const started = processorTime();
      assert.throws(() => writeYaml(value, { mode: 'go' }), /result is larger than \d+ characters/);
      assert.ok(processorTime() - started < 2000);
    });
  }
});

function nest(value: JsonValue, depth: number): JsonValue {
  return depth === 0 ? value : [nest(value, depth - 1)];
}

/** Doubles beyond 64 bits are read back with all digits. */
function toDoubles(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toDoubles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toDoubles(item)]));
}
