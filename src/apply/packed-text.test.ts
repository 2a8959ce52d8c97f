import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packText, unpackText } from './packed-text.ts';

describe('packText', () => {
  it('gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 1000 }), (text) => {
        const packed = packText(text);
        assert.ok(packed);
        assert.equal(unpackText(packed), text);
      }),
    );
  });

  it('takes less memory than the text, and none of a block that is shared', () => {
    const text = JSON.stringify({ metadata: { labels: { a: 'b'.repeat(500), c: 'd'.repeat(500) } } });
    const packed = packText(text);
    assert.ok(packed && packed.buffer.byteLength === packed.length && packed.length < 100);
  });

  it('leaves alone what is longer than 64 KiB', () => {
    assert.ok(packText('x'.repeat(64 * 1024)));
    assert.equal(packText('x'.repeat(64 * 1024 + 1)), undefined);
  });
});
