import assert from 'node:assert/strict';
import { checkPromqlString } from './promql-string.ts';

const GOOD = [
  '""',
  "''",
  '``',
  '"abc"',
  '\'it is "quoted"\'',
  '"a\\"b"',
  "'a\\'b'",
  '"\\a\\b\\f\\n\\r\\t\\v\\\\"',
  '"\\101\\x41\\u0041\\U0001F642"',
  '`a\\d+`',
  '"🙂"',
];

const BAD: [string, number, RegExp][] = [
  ['"abc', 0, /no closing "/],
  ["'abc", 0, /no closing '/],
  ['"abc\\"', 0, /no closing "/],
  ['"a\\d+"', 2, /no escape \\d; write \\\\d, or put the string between backquotes/],
  ['"\\.x"', 1, /no escape \\\./],
  ['"a\\\'b"', 2, /no escape \\'/],
  ['"\\x4"', 1, /no escape \\x/],
  ['"\\u12"', 1, /no escape \\u/],
  ['"\\400"', 1, /no escape \\4/],
  ['"\\🙂"', 1, /no escape \\🙂/],
];

describe('checkPromqlString', () => {
  for (const literal of GOOD) {
    it(`lets ${literal} pass`, () => assert.equal(checkPromqlString(literal), undefined));
  }

  for (const [literal, offset, message] of BAD) {
    it(`refuses ${literal}`, () => {
      const mistake = checkPromqlString(literal);
      assert.equal(mistake?.offset, offset);
      assert.match(mistake?.message ?? '', message);
    });
  }
});
