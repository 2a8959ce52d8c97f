import assert from 'node:assert/strict';
import { formatData } from './format-data.ts';

describe('formatData', () => {
  it('writes JSON that a terminal cannot obey, and that reads back as it was', () => {
    const value = { 'a\u009b2J': 'x\u001b[2J\u007f\u0085\u202e\u{e0041}\u2028y', plain: 'é 漢 😀' };
    const text = formatData(value, 'json');
    assert.doesNotMatch(text, /[^\P{Cc}\n]|[\p{Cf}\u2028]/u);
    assert.match(text, /é 漢 😀/);
    assert.deepEqual(JSON.parse(text), value);
  });

  it('indents by as much as is wanted, and ends with a line break', () => {
    assert.equal(formatData({ a: 1 }, 'json', 4), '{\n    "a": 1\n}\n');
    assert.equal(formatData({ a: 1 }, 'yaml'), 'a: 1\n');
  });
});
