import assert from 'node:assert/strict';
import { LimitFault } from '../values/meter.ts';
import {
  checkItemCount,
  checkTextSize,
  closely,
  joinTexts,
  MAX_CLOSE_TEXT,
  MAX_ITEMS,
  MAX_TEXT,
  repeatText,
  resetMade,
  spendText,
} from './size.ts';

describe('the sizes that functions may make', () => {
  beforeEach(resetMade);

  const refused: [string, () => unknown][] = [
    ['a text that is too long', () => checkTextSize(MAX_TEXT + 1)],
    ['a list that is too long', () => checkItemCount(MAX_ITEMS + 1)],
    ['a repeated text that is too long', () => repeatText('ab', MAX_TEXT)],
    ['a joined text that is too long', () => joinTexts(['a', 'b', 'c'], 'x'.repeat(MAX_TEXT / 2))],
    ['an argument that no function could have made', () => spendText('x'.repeat(MAX_TEXT + 1))],
    ['a text to be looked at closely', () => closely((text) => text)('x'.repeat(MAX_CLOSE_TEXT + 1))],
    ['many texts together', () => times(100, () => checkTextSize(MAX_TEXT))],
    ['many lists together', () => times(100, () => checkItemCount(MAX_ITEMS))],
    ['many arguments together', () => times(200, () => spendText(LONGEST))],
  ];
  for (const [what, make] of refused) {
    it(`are refused for ${what}`, () => {
      assert.throws(make, LimitFault);
    });
  }

  it('begin anew with every render', () => {
    for (let render = 0; render < 10; render++) {
      resetMade();
      times(20, () => checkTextSize(MAX_TEXT));
      times(10, () => checkItemCount(MAX_ITEMS));
    }
  });

  it('end where they say', () => {
    assert.equal(repeatText('ab', MAX_TEXT / 2).length, MAX_TEXT);
    assert.equal(joinTexts(['a', 'b'], '-'), 'a-b');
    assert.equal(closely((text) => `${text}!`)('a'), 'a!');
    assert.throws(() => repeatText('a', -1), /negative Repeat count/);
  });
});

const LONGEST = 'x'.repeat(MAX_TEXT);

function times(count: number, action: () => void): void {
  for (let i = 0; i < count; i++) action();
}
