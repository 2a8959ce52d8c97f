import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeText } from './escape-text.ts';

describe('escapeText', () => {
  const cases: [string, string, number, string][] = [
    ['leaves plain text as it is', 'a: b', 64, 'a: b'],
    ['escapes line breaks and terminal sequences', 'a\r\n\u001b[31m', 64, 'a\\u{d}\\u{a}\\u{1b}[31m'],
    ['escapes what turns or breaks a line unseen', '\u202e\u2028\u200b', 64, '\\u{202e}\\u{2028}\\u{200b}'],
    ['escapes half of a character', '\ud83d', 64, '\\u{d83d}'],
    ['keeps a text that just fits', 'abcdef', 6, 'abcdef'],
    ['cuts a longer one, with the dots within the bound', 'abcdefg', 6, 'abc...'],
    ['cuts no character in two', 'éééé', 7, 'éé...'],
  ];
  for (const [title, text, bytes, expected] of cases) {
    it(title, () => assert.equal(escapeText(text, bytes), expected));
  }

  it('is one line of valid characters within the bound, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 3, max: 40 }), (text, bytes) => {
        const shown = escapeText(text.replaceAll('\ufffd', ''), bytes);
        assert.ok(Buffer.byteLength(shown) <= bytes);
        assert.ok(shown.isWellFormed());
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u);
      }),
    );
  });
});
