import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { parseAddress } from './ip-address.ts';

describe('parseAddress', () => {
  const cases: [text: string, hex: string | undefined][] = [
    ['10.0.0.1', '0a000001'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '00'.repeat(16)],
    ['::1', `${'00'.repeat(15)}01`],
    ['2001:DB8::1', `20010db8${'00'.repeat(11)}01`],
    ['::ffff:1.2.3.4', '01020304'],
    ['64:ff9b::1.2.3.4', `0064ff9b${'00'.repeat(8)}01020304`],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['010.0.0.1', undefined],
    ['1.2.3', undefined],
    ['1.2.3.256', undefined],
    ['1.2.3.4.5', undefined],
    ['', undefined],
    [':', undefined],
    [':::', undefined],
    ['1::2::3', undefined],
    ['1:2:3:4:5:6:7:8::', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1.2.3.4::', undefined],
    ['fe80::1%eth0', undefined],
    ['12345::', undefined],
    ['example.com', undefined],
    ['1'.repeat(10_000), undefined],
  ];
  for (const [text, hex] of cases) {
    it(`reads ${text.slice(0, 40)} as ${hex ?? 'no address'}`, () => {
      assert.equal(parseAddress(text)?.toString('hex'), hex);
    });
  }

  it('agrees with the system on what an address is', () => {
    const part = fc.constantFrom('0', '1', 'ff', '1234', '12345', '', '255', '256', '01', 'g');
    const separator = fc.constantFrom(':', '.', '::');
    const text = fc
      .array(fc.tuple(part, separator), { maxLength: 9 })
      .chain((pairs) => part.map((last) => pairs.flat().join('') + last));
    fc.assert(
      fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6()), (address) => {
        assert.equal(parseAddress(address) !== undefined, isIP(address) !== 0, address);
      }),
      { numRuns: 2000 },
    );
  });
});
