import assert from 'node:assert/strict';
import { goInt } from '../values/go-number.ts';
import type { Value } from '../values/value.ts';
import { toYaml } from './to-yaml.ts';

describe('toYaml', () => {
  const cases: { why: string; value: Value; go: string; exact: string }[] = [
    { why: 'drops one line break at the end', value: 'a\n\n', go: '|+\n  a\n', exact: '|+\n  a\n' },
    {
      why: 'prints plain decimals in the exact mode',
      value: { x: 1.5e9 + 0.5 },
      go: 'x: 1.5000000005e+09',
      exact: 'x: 1500000000.5',
    },
    {
      why: 'prints integers with all digits',
      value: [goInt(2n ** 60n + 1n)],
      go: '- 1152921504606846977',
      exact: '- 1152921504606846977',
    },
    {
      why: 'takes "no value" for null',
      value: [undefined, null],
      go: '- null\n- null',
      exact: '- null\n- null',
    },
    {
      why: 'loses a text that Go does not read, but not in the exact mode',
      value: ['a', '\x7f'],
      go: '',
      exact: '- a\n- "\\x7F"',
    },
    {
      why: 'folds a NEL as Go does, but not in the exact mode',
      value: 'a\u0085b',
      go: 'a b',
      exact: '"a\\Nb"',
    },
    {
      why: 'keeps keys of any length in the exact mode',
      value: { ['k'.repeat(1023)]: 1 },
      go: '',
      exact: `? ${'k'.repeat(1023)}\n: 1`,
    },
  ];
  for (const { why, value, go, exact } of cases) {
    it(why, () => {
      assert.equal(toYaml(value, 'go'), go);
      assert.equal(toYaml(value, 'int64'), go);
      assert.equal(toYaml(value, 'exact'), exact);
    });
  }

  it('gives nothing for NaN, and an error in the exact mode', () => {
    assert.equal(toYaml([Number.NaN], 'go'), '');
    assert.throws(() => toYaml([Number.NaN], 'exact'), /unsupported value: NaN/);
  });
});
