import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type RecentText, RecentTexts } from './recent-texts.ts';

describe('RecentTexts', () => {
  it('keeps the newest texts that there is room for', () => {
    const texts = new RecentTexts(10);
    const kept = ['aaaa', 'bbbb', 'cccc'].map((text) => texts.keep(text));
    assert.deepEqual(
      kept.map(({ text }) => text),
      [undefined, 'bbbb', 'cccc'],
    );
  });

  it('has room again for what was dropped, and drops nothing twice', () => {
    const texts = new RecentTexts(8);
    const [first, second] = ['aaaa', 'bbbb'].map((text) => texts.keep(text)) as [RecentText, RecentText];
    texts.drop(first);
    texts.drop(first);
    texts.keep('cccc');
    assert.deepEqual([first.text, second.text], [undefined, 'bbbb']);
  });

  it('keeps no text of more than 64 KiB', () => {
    const texts = new RecentTexts();
    assert.ok(texts.keep('x'.repeat(64 * 1024)).text);
    assert.equal(texts.keep('x'.repeat(64 * 1024 + 1)).text, undefined);
  });

  it('never holds more than its limit, and all that fits', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 30 });
    fc.assert(
      fc.property(lengths, (all) => {
        const texts = new RecentTexts(20);
        const kept = all.map((length) => texts.keep('x'.repeat(length)));
        const sizes = kept.map(({ text = '' }) => text.length);
        const held = sizes.reduce((sum, size) => sum + size, 0);
        assert.ok(held <= 20);
        const oldest = sizes.findIndex((size) => size > 0);
        // What went last would not have fitted.
        if (oldest > 0) assert.ok(held + (all[oldest - 1] as number) > 20);
      }),
    );
  });
});
