import assert from 'node:assert/strict';
import { formatTable } from './table.ts';

describe('formatTable', () => {
  it('pads columns as kubectl does, and nothing at the end of a line', () => {
    const rows = [
      ['a', 'long value', 'x'],
      ['längst', '', 'y'],
    ];
    assert.equal(
      formatTable(['name', 'value', 'last'], rows),
      'NAME     VALUE        LAST\na        long value   x\nlängst                y\n',
    );
  });

  it('keeps a cell on one line', () => assert.equal(formatTable(['a'], [['one\n  two']]), 'A\none; two\n'));
  it('prints the headers alone', () => assert.equal(formatTable(['a', 'b'], []), 'A   B\n'));
});
