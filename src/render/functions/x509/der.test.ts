import assert from 'node:assert/strict';
import fc from 'fast-check';
import { der, derInteger, derOid, derSequence, derTagged, readDer } from './der.ts';

describe('DER', () => {
  const written: { name: string; bytes: Buffer; hex: string }[] = [
    { name: 'zero', bytes: derInteger(Buffer.of(0, 0)), hex: '020100' },
    { name: 'an integer without leading zeros', bytes: derInteger(Buffer.of(0, 1, 2)), hex: '02020102' },
    { name: 'an integer that would look negative', bytes: derInteger(Buffer.of(0x80)), hex: '02020080' },
    { name: 'an object identifier', bytes: derOid('1.2.840.113549.1.1.11'), hex: '06092a864886f70d01010b' },
    { name: 'an empty sequence', bytes: derSequence(), hex: '3000' },
    { name: 'a value in context', bytes: derTagged(2, Buffer.from('a')), hex: '820161' },
    {
      name: 'a constructed one',
      bytes: derTagged(3, derSequence(), { isConstructed: true }),
      hex: 'a3023000',
    },
  ];
  for (const { name, bytes, hex } of written) {
    it(`writes ${name}`, () => assert.equal(bytes.toString('hex'), hex));
  }

  it('reads what it writes, at every length', () => {
    for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = Buffer.alloc(size, 7);
      const [item, ...rest] = readDer(der(0x04, content));
      assert.deepEqual([item?.tag, item?.content.equals(content), rest.length], [4, true, 0], String(size));
    }
  });

  it('refuses a length that is given by a mark at the end', () => {
    const endless = Buffer.concat([Buffer.of(0x30, 0x80), Buffer.alloc(200)]);
    assert.throws(() => readDer(endless), /the DER data is broken/);
  });

  it('reads any bytes, or says that they are broken', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          const raws = readDer(Buffer.from(bytes)).map(({ raw }) => raw);
          assert.deepEqual(Buffer.concat(raws), Buffer.from(bytes));
        } catch (error) {
          assert.equal((error as Error).message, 'the DER data is broken');
        }
      }),
    );
  });
});
