import assert from 'node:assert/strict';
import { formatTable, GrowingTable } from './table.ts';

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
  it('shows what others wrote as text', () =>
    assert.equal(formatTable(['a'], [['x\u001b[2J\ty\r']]), 'A\nx\\x1b[2J y\\x0d\n'));
  it('prints the headers alone', () => assert.equal(formatTable(['a', 'b'], []), 'A   B\n'));
});

describe('GrowingTable', () => {
  it('prints headers once, and keeps the widths of what was printed', () => {
    const table = new GrowingTable(['name', 'ready']);
    assert.equal(table.add([['a-long-name', 'True']]), 'NAME          READY\na-long-name   True\n');
    assert.equal(table.add([['b', 'False']]), 'b             False\n');
  });

  it('leaves headers out, with their widths', () => {
    const table = new GrowingTable(['name', 'ready'], { noHeader: true });
    assert.equal(table.add([['a', 'True']]), 'a   True\n');
  });
});
