import assert from 'node:assert/strict';
import picocolors from 'picocolors';
import { generators } from '../../../generators/index.ts';
import type { CommandContext } from '../command-context.ts';
import { commandNames } from '../program.ts';
import { COMMAND_SUMMARIES } from './command-summaries.ts';
import { runComplete } from './run-complete.ts';

const colors = picocolors.createColors(false);
const out = { write: () => true };
const CONTEXT: CommandContext = {
  generators,
  version: '0.0.0',
  program: 'generatorset',
  streams: { stdin: (async function* () {})(), stdout: out, stderr: out, colors, errorColors: colors },
  env: {},
  setExitCode: () => {},
};

describe('runComplete', () => {
  const cases: [what: string, words: string[], expected: string][] = [
    [
      'commands with a few words each',
      ['__complete', 'pl'],
      'plan\tshow a whole plan with its reasons\n:4\n',
    ],
    ['commands alone', ['__completeNoDesc', 'pl'], 'plan\n:4\n'],
    ['the commands that help is for', ['__completeNoDesc', 'help', 'explai'], 'explain\n:4\n'],
    ['options of the program', ['__completeNoDesc', '--v'], '--version\n:4\n'],
    ['options of a command', ['__completeNoDesc', 'build', '--out'], '--output\n:4\n'],
    ['values of an option', ['__complete', 'build', '-o', ''], 'yaml\njson\n:4\n'],
    ['values of get', ['__complete', 'get', '-o', ''], 'wide\njson\nyaml\n:4\n'],
    ['values of tree', ['__complete', 'tree', '--output='], 'json\nyaml\n:4\n'],
    ['levels of logs', ['__complete', 'logs', '--level', ''], 'debug\ninfo\nwarn\nerror\n:4\n'],
    ['types of events', ['__complete', 'events', '--types', 'N'], 'Normal\n:4\n'],
    ['conditions', ['__complete', 'get', '--status-selector', 'h'], 'held=true\n:4\n'],
    ['a command behind an option', ['__complete', '--x', 'completion', 'ba'], 'bash\n:4\n'],
    ['files', ['__complete', 'build', ''], ':0\n'],
    ['nothing of an unknown command', ['__complete', 'unknown', ''], ':4\n'],
  ];
  for (const [what, words, expected] of cases) {
    it(`answers with ${what}`, async () => {
      assert.equal(await runComplete(words, CONTEXT), expected);
    });
  }

  it('answers with all commands where nothing is written', async () => {
    const lines = (await runComplete(['__completeNoDesc'], CONTEXT)).split('\n');
    assert.deepEqual(lines, [...commandNames(), 'help', ':4', '']);
  });

  it('has a few words for each command, on one line, in the order of the commands', () => {
    assert.deepEqual([...COMMAND_SUMMARIES.keys()], [...commandNames(), 'help']);
    for (const summary of COMMAND_SUMMARIES.values()) assert.match(summary, /^[^\n\t]{5,50}$/);
  });
});
