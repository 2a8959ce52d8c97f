import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toLines, toOneLine } from './one-line.ts';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe('toOneLine', () => {
  const cases: [text: string, line: string][] = [
    ['as it is', 'as it is'],
    ['a\nb\r\n\n  c  ', 'a; b; c'],
    ['a\u0000b\u001b[2J', 'a\\u{0}b\\u{1b}[2J'],
    ['\u202eleft\u2028down\ufeffx', '\\u{202e}left\\u{2028}down\\u{feff}x'],
    ['grün 🙂', 'grün 🙂'],
    ['half \ud83d', 'half \\u{d83d}'],
    ['', ''],
  ];
  for (const [text, line] of cases) {
    it(`makes ${JSON.stringify(text)} to ${JSON.stringify(line)}`, () => {
      assert.equal(toOneLine(text), line);
    });
  }

  it('never gives more than the limit, or a character that is none', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 10, max: 60 }),
        (text, limit) => {
          const line = toOneLine(text, limit);
          assert.ok(line.length <= limit);
          assert.doesNotMatch(line, UNPRINTABLE);
          assert.ok(line.isWellFormed());
        },
      ),
    );
  });
});

describe('toLines', () => {
  it('keeps lines apart and counts those that do not fit', () => {
    assert.equal(toLines(['a', 'b\nc'], 1000), 'a\nb; c');
    const lines = Array.from({ length: 100 }, (_, index) => `ConfigMap/a-${index} created`);
    const text = toLines(lines, 500);
    assert.ok(text.length <= 500);
    assert.match(text, /^ConfigMap\/a-0 created\n.*\n\.\.\. and 80 more$/s);
    assert.equal(toLines([], 500), '');
  });

  it('keeps lines indented by four spaces at most, also when they are read again', () => {
    const text = toLines(['ConfigMap/a configured', '  data.a: 1 -> 2', '          y'], 1000);
    assert.equal(text, 'ConfigMap/a configured\n  data.a: 1 -> 2\n    y');
    assert.equal(toLines(text.split('\n'), 1000), text);
  });

  it('never gives more than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 })), (lines) => {
        const text = toLines(lines, 300);
        assert.ok(text.length <= 300);
        assert.doesNotMatch(text.replaceAll('\n', ''), UNPRINTABLE);
      }),
    );
  });

  it('shows the beginning of the one line that alone is too long', () => {
    const text = toLines(['x'.repeat(50_000)], 1000);
    assert.ok(text.startsWith('xxxx') && text.length <= 1000, text.slice(0, 60));
  });
});
