import assert from 'node:assert/strict';
import type { Tune } from './generatorset-schema.ts';
import { readTuneRules, type TuneUnit, tuneUnit } from './tune-rules.ts';

describe('tuneUnit', () => {
  const units: readonly [unit: TuneUnit, fields: Partial<Tune>][] = [
    ['memory', {}],
    ['memory', { roundUp: '16Mi' }],
    ['memory', { max: '2Gi', min: '1' }],
    ['memory', { max: '2G' }],
    ['memory', { roundUp: '1k' }],
    ['memory', { max: '2Gi', roundUp: '10m' }],
    ['memory', { max: 2_000_000_000 }],
    ['memory', { min: 1, max: 2_000_000_000 }],
    ['memory', { min: 0 }],
    ['cpu', { roundUp: '10m' }],
    ['cpu', { roundUp: '10m', max: 4 }],
    ['cpu', { min: '500u' }],
    ['cpu', { max: 4 }],
    ['cpu', { min: '0', max: '0.5' }],
    ['cpu', { max: 1023 }],
    ['memory', { max: 1024 }],
    ['integer', { unit: 'integer', max: 10 }],
    ['number', { unit: 'number', roundUp: '10m' }],
    ['cpu', { unit: 'cpu' }],
  ];
  for (const [unit, fields] of units) {
    it(`is ${unit} for ${JSON.stringify(fields)}`, () => assert.equal(tuneUnit(fields), unit));
  }
});

describe('readTuneRules', () => {
  it('rounds the bounds inwards to multiples of roundUp', () => {
    const { min, max } = readTuneRules({ unit: 'number', roundUp: '16', min: '50', max: '70' });
    assert.deepEqual([min, max], [64_000_000_000n, 64_000_000_000n]);
  });

  it('tells a share from a quantity', () => {
    assert.deepEqual(readTuneRules({ minChange: '10%' }).minChange, { share: 10_000n });
    assert.deepEqual(readTuneRules({ minChange: 3 }).minChange, { nanos: 3_000_000_000n });
  });

  it('changes nothing where nothing is said', () => {
    assert.deepEqual(readTuneRules({}), {
      unit: 'memory',
      margin: 0n,
      increaseOnly: false,
      minChange: { nanos: 0n },
      cooldown: 0,
      roundUp: { nanos: 1024n * 1024n * 1_000_000_000n, format: 'BinarySI' },
      min: 0n,
      // The largest multiple of 1Mi up to 1E.
      max: 999_999_999_999_737_856n * 1_000_000_000n,
    });
  });
});
