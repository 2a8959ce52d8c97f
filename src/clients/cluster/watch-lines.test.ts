import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WatchLines } from './watch-lines.ts';

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return [...chunks, bytes.subarray(start)];
}

describe('WatchLines', () => {
  it('gives the same lines however they are cut, also within a character', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify(text));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(12)), (expected, sizes) => {
        const bytes = Buffer.from(expected.map((it) => `${it}\n`).join(''));
        const lines = new WatchLines();
        const seen = cut(bytes, sizes).flatMap((chunk) => lines.push(chunk));
        assert.deepEqual(seen, expected);
        assert.equal(lines.isWhole, true);
      }),
    );
  });

  it('keeps the line that has begun', () => {
    const lines = new WatchLines();
    assert.deepEqual(lines.push(Buffer.from('a\nb')), ['a']);
    assert.equal(lines.isWhole, false);
    assert.deepEqual(lines.push(Buffer.from('c\r\n\n')), ['bc']);
    assert.equal(lines.isWhole, true);
  });

  it('knows no other ends of lines than the newline', () => {
    assert.deepEqual(new WatchLines().push(Buffer.from('a\u2028b\u0085c\n')), ['a\u2028b\u0085c']);
  });

  for (const [name, chunks] of [
    ['at once', ['12345678901\n']],
    ['in pieces', ['123456', '78901', '\n']],
    ['without an end', ['123456', '78901']],
  ] as const) {
    it(`refuses a line that is too long, ${name}`, () => {
      const lines = new WatchLines(10);
      assert.throws(
        () => chunks.forEach((chunk) => void lines.push(Buffer.from(chunk))),
        /longer than 10 bytes/,
      );
    });
  }

  it('takes a line of exactly the limit', () => {
    assert.deepEqual(new WatchLines(3).push(Buffer.from('abc\nabc\n')), ['abc', 'abc']);
  });
});
