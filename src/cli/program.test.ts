import assert from 'node:assert/strict';
import { COMMAND_CONTEXT } from '../../test/harness/command-context.ts';
import { commandNames, createProgram } from './program.ts';

describe('the help', () => {
  it('lists every command once, in order, below a heading of its kind', async () => {
    const help = (await createProgram(COMMAND_CONTEXT)).helpInformation();
    const [, ...groups] = help.split(/^(?=(?:Other c|C)ommands.*:$)/m);
    assert.deepEqual(
      groups.map((group) => group.slice(0, group.indexOf(':'))),
      [
        'Commands for sets in files',
        'Commands for sets of a cluster',
        'Commands for the controller',
        'Other commands',
      ],
    );
    const listed = [...groups.join('').matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
    assert.deepEqual(listed, [...commandNames(), 'help']);
  });

  for (const name of commandNames()) {
    it(`of ${name} writes defaults as people do`, async () => {
      const [command] = (await createProgram(COMMAND_CONTEXT, name)).commands;
      const help = command?.helpInformation() ?? assert.fail();
      assert.doesNotMatch(help, /preset|default: \d{3,}\)|undefined|null/);
    });
  }
});
