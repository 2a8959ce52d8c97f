import assert from 'node:assert/strict';
import picocolors from 'picocolors';
import { createLogger, createPrinter, printable } from './printer.ts';

function capture(isTTY: boolean, columns = 30) {
  const written: string[] = [];
  const stderr = { isTTY, columns, write: (text: string) => written.push(text) };
  return {
    printer: createPrinter({ stderr, errorColors: picocolors.createColors(false) }),
    text: () => written.join(''),
  };
}

describe('createPrinter', () => {
  it("begins each line with Flux's symbol for it", () => {
    const { printer, text } = capture(false);
    printer.action('a');
    printer.generate('b');
    printer.waiting('c');
    printer.success('d');
    printer.warning('e');
    printer.failure('f');
    assert.equal(text(), '► a\n✚ b\n◎ c\n✔ d\n⚠️ e\n✗ f\n');
  });

  it('gives each line its time where there is a clock', () => {
    const lines: string[] = [];
    const stderr = { write: (text: string) => lines.push(text) };
    const now = () => new Date('2026-01-31T12:00:00.999Z');
    const printer = createPrinter({ stderr, errorColors: picocolors.createColors(false) }, now);
    printer.success('done');
    assert.deepEqual(lines, ['✔ 2026-01-31T12:00:00Z done\n']);
  });

  it('shows progress on a terminal only, cut to its width, and takes it away again', () => {
    const { printer, text } = capture(true);
    printer.progress('x'.repeat(100));
    printer.success('done');
    assert.equal(text(), `◎ ${'x'.repeat(27)}\r\u001b[2K✔ done\n`);
    const file = capture(false);
    file.printer.progress('nothing');
    file.printer.clear();
    assert.equal(file.text(), '');
  });

  it('lets no value move the cursor or colour the terminal', () => {
    assert.equal(printable('a\u001b[31mb\r\u2028c\n\td\u{e0041}'), 'a\\x1b[31mb\\x0d\\x2028c\n\td\\xe0041');
  });
});

describe('createLogger', () => {
  it('says what is for debugging only when asked', () => {
    for (const verbose of [false, true]) {
      const { printer, text } = capture(false);
      createLogger(printer, { verbose }).debug('git fetch');
      assert.equal(text(), verbose ? '◎ git fetch\n' : '');
    }
  });
});
