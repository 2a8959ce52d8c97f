import assert from 'node:assert/strict';
import fc from 'fast-check';
import { processorTime } from '../../test/harness/processor-time.ts';
import { compareKeys } from './compare-keys.ts';

describe('compareKeys', () => {
  const orders = [
    {
      why: 'numbers by their value, letters behind everything else',
      keys: ['', '_', '9', '10', 'B', 'a1', 'a9', 'a10', 'a10b'],
    },
    { why: 'fewer zeros before more of them', keys: ['a1', 'a01', 'a001', 'a2'] },
    { why: 'a zero inside a number counts', keys: ['a10', 'a101', 'a110'] },
    { why: 'letters by their code point', keys: ['-', '😀', 'Z', 'a', 'é', 'Ω', '日', '\u{10400}'] },
    { why: 'the first plane before the second', keys: ['\uffff', '😀'] },
    { why: 'numbers of any length, which wrap around at 64 bits', keys: ['a18446744073709551616', 'a2'] },
    { why: 'digits of other scripts by their code point', keys: ['a9', 'a٣'] },
  ];
  for (const { why, keys } of orders) {
    it(`orders ${why}`, () => {
      assert.deepEqual([...keys].reverse().sort(compareKeys), keys);
      assert.deepEqual([...keys].sort(compareKeys), keys);
    });
  }

  it('is an order', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'B', '0', '1', '9', '-', 'é', '😀', '٣'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(key, key, (a, b) => {
        const sign = Math.sign(compareKeys(a, b));
        assert.equal(sign + Math.sign(compareKeys(b, a)), 0);
        assert.equal(sign === 0, a === b);
      }),
    );
  });

  it('takes time that grows with the length of the keys alone', () => {
    const started = processorTime();
    compareKeys(`a${'1'.repeat(100_000)}`, `a${'1'.repeat(99_999)}2`);
    compareKeys(`${'é'.repeat(100_000)}1`, `${'é'.repeat(100_000)}2`);
    assert.ok(processorTime() - started < 1000);
  });
});
