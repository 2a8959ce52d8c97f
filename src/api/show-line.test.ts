import assert from 'node:assert/strict';
import { showLine } from './show-line.ts';

describe('showLine', () => {
  const cases: [why: string, line: string | undefined, column: number, shown: string][] = [
    ['puts the caret under the column', 'a: b', 4, '\n    a: b\n       ^'],
    ['counts a letter as one, however it is encoded', 'é: b', 4, '\n    é: b\n       ^'],
    ['keeps tabs, so that the caret stays in its place', '\ta: b', 2, '\n    \ta: b\n    \t^'],
    ['shows nothing of an empty line', '  ', 1, ''],
    ['shows nothing of no line', undefined, 1, ''],
  ];
  for (const [why, line, column, shown] of cases) {
    it(why, () => assert.equal(showLine(line, column), shown));
  }

  it('shows a long line around the column', () => {
    const [, line = '', caret = ''] = showLine(`${'x'.repeat(1000)}here${'y'.repeat(1000)}`, 1001).split(
      '\n',
    );
    assert.ok(line.length <= 164);
    assert.equal(line.slice(caret.indexOf('^')).slice(0, 4), 'here');
  });
});
