import assert from 'node:assert/strict';
import { Command } from 'commander';
import { wordOption, wordsOption } from './word-option.ts';

function parse(...args: string[]): Record<string, unknown> {
  return new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addOption(wordOption('--level <level>', 'level', ['info', 'error']))
    .addOption(wordsOption('--types <types>', 'types', ['Normal', 'Warning']))
    .parse(args, { from: 'user' })
    .opts();
}

describe('wordOption and wordsOption', () => {
  it('take words in any case, and give them as they are known', () => {
    assert.deepEqual(parse('--level', 'INFO', '--types', 'warning, NORMAL'), {
      level: 'info',
      types: ['Warning', 'Normal'],
    });
  });

  const wrong: [args: string[], message: RegExp][] = [
    [
      ['--level', 'fatal'],
      /'--level <level>' argument 'fatal' is invalid\. Allowed choices are info, error\./,
    ],
    [['--level', ''], /Allowed choices are info, error/],
    [['--types', 'normal,bad'], /Allowed choices are Normal, Warning/],
    [['--types', ''], /Allowed choices are Normal, Warning/],
  ];
  for (const [args, message] of wrong) {
    it(`refuse ${JSON.stringify(args)}`, () => {
      assert.throws(() => parse(...args), { message });
    });
  }
});
