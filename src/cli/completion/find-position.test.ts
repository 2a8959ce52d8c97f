import assert from 'node:assert/strict';
import { Command, Option } from 'commander';
import fc from 'fast-check';
import { findPosition } from './find-position.ts';

function createCommand(): Command {
  return new Command('diff')
    .argument('<path...>')
    .addOption(new Option('-o, --output <format>').choices(['diff', 'json']))
    .option('-v, --verbose')
    .option('--color [when]')
    .option('--no-wait');
}

describe('findPosition', () => {
  const cases: [words: string[], position: string][] = [
    [[''], 'argument 0 ""'],
    [[], 'argument 0 ""'],
    [['a', 'b'], 'argument 1 "b"'],
    [['-v', 'a', ''], 'argument 1 ""'],
    [['-'], 'option "-"'],
    [['-', ''], 'argument 1 ""'],
    [['--ou'], 'option "--ou"'],
    [['a', '--output', ''], 'value --output ""'],
    [['-o', 'j'], 'value --output "j"'],
    [['--output=', ''], 'argument 0 ""'],
    [['--output=j'], 'value --output "j"'],
    [['--output=a=b'], 'value --output "a=b"'],
    [['--unknown=j'], 'option "--unknown=j"'],
    [['--output', '--verbose', ''], 'argument 0 ""'],
    [['--color', 'x'], 'argument 0 "x"'],
    [['--no-wait', 'x'], 'argument 0 "x"'],
    [['--', '-x'], 'argument 0 "-x"'],
    [['--', '-o', ''], 'argument 1 ""'],
  ];
  for (const [words, expected] of cases) {
    it(`finds ${expected} in ${JSON.stringify(words)}`, () => {
      const position = findPosition(createCommand(), words);
      const { kind, text } = position;
      const which = { option: '', value: '', argument: '' };
      if (position.kind === 'value') which.value = ` ${position.option.long}`;
      if (position.kind === 'argument') which.argument = ` ${position.index}`;
      assert.equal(`${kind}${which[kind]} ${JSON.stringify(text)}`, expected);
    });
  }

  it('completes the end of the last word, whatever is before it', () => {
    const word = fc.oneof(fc.constantFrom('-o', '--output', '--', '-', '-v', '', '--color'), fc.string());
    fc.assert(
      fc.property(fc.array(word), fc.string(), (before, last) => {
        const { text } = findPosition(createCommand(), [...before, last]);
        assert.ok(last.endsWith(text), `${last} ${text}`);
      }),
    );
  });
});
