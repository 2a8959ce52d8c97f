import assert from 'node:assert/strict';
import type { TuneUnit } from '../api/tune-rules.ts';
import { readInput, readValue } from './read-amount.ts';

const BILLION = 1_000_000_000n;

describe('readInput', () => {
  const inputs: readonly [text: string, unit: TuneUnit, amount: bigint][] = [
    ['134217728', 'memory', 134_217_728n * BILLION],
    ['1.34217728e+08', 'memory', 134_217_728n * BILLION],
    ['1.34217728E8', 'memory', 134_217_728n * BILLION],
    ['128Mi', 'memory', 134_217_728n * BILLION],
    ['128974848000m', 'memory', 128_974_848n * BILLION],
    ['0.35', 'cpu', 350_000_000n],
    ['3.5e-1', 'cpu', 350_000_000n],
    ['350m', 'cpu', 350_000_000n],
    ['+2', 'cpu', 2n * BILLION],
    ['1e-12', 'cpu', 1n],
    ['0', 'number', 0n],
    ['-0', 'integer', 0n],
    ['1k', 'number', 1000n * BILLION],
    ['1e18', 'number', BILLION * BILLION * BILLION],
  ];
  for (const [text, unit, amount] of inputs) {
    it(`reads ${text} as ${unit}`, () => assert.equal(readInput(text, unit), amount));
  }

  const units: readonly TuneUnit[] = ['memory', 'cpu', 'number', 'integer'];
  const never = [
    '',
    '<no value>',
    'NaN',
    '+Inf',
    '-Inf',
    'Infinity',
    '-1',
    '1 2',
    '0x10',
    '1_000',
    '٣',
    '1e400',
    '1e19',
  ];
  const invalid: readonly (readonly [text: string, unit: TuneUnit])[] = [
    ...units.flatMap((unit) => [...never, '9'.repeat(65)].map((text) => [text, unit] as const)),
    ['0', 'memory'],
    ['0.5', 'memory'],
    ['350m', 'memory'],
    ['0', 'cpu'],
    ['128Mi', 'cpu'],
    ['1Ki', 'number'],
    ['1Ki', 'integer'],
  ];
  for (const [text, unit] of invalid) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))} as ${unit}`, () => {
      assert.throws(
        () => readInput(text, unit),
        (error: Error) => error instanceof RangeError && error.message.length < 200,
      );
    });
  }
});

describe('readValue', () => {
  const values: readonly [text: string, unit: TuneUnit, amount: bigint | undefined][] = [
    ['144Mi', 'memory', 150_994_944n * BILLION],
    ['350m', 'cpu', 350_000_000n],
    ['12.5', 'number', 12_500_000_000n],
    ['12', 'integer', 12n * BILLION],
    ['350m', 'memory', undefined],
    ['144Mi', 'cpu', undefined],
    ['350m', 'number', undefined],
    ['144Mi', 'number', undefined],
    ['12.5', 'integer', undefined],
    ['2k', 'integer', undefined],
    ['{"a": 1}', 'memory', undefined],
    ['', 'number', undefined],
  ];
  for (const [text, unit, amount] of values) {
    it(`${amount === undefined ? 'takes' : 'reads'} ${text} ${amount === undefined ? 'for no' : 'as'} ${unit}`, () => {
      assert.equal(readValue(text, unit), amount);
    });
  }
});
