import assert from 'node:assert/strict';
import { COMMAND_CONTEXT } from '../../test/harness/command-context.ts';
import { durationOption } from './duration-option.ts';
import { createProgram } from './program.ts';

describe('durationOption', () => {
  it('reads milliseconds, and shows its default as people write it', () => {
    const option = durationOption('--timeout <duration>', 'how long', '5m');
    assert.deepEqual([option.defaultValue, option.defaultValueDescription], [300_000, '5m']);
    assert.equal(option.parseArg?.('1m30s', undefined), 90_000);
    assert.throws(() => option.parseArg?.('90', undefined), /"90" is not a duration/);
  });

  it('is what every command has for its durations', async () => {
    const program = await createProgram(COMMAND_CONTEXT);
    const options = program.commands.flatMap(({ options }) => options);
    const durations = options.filter(({ flags }) => flags.includes('<duration>'));
    assert.ok(durations.length > 10);
    for (const { flags, defaultValue, defaultValueDescription } of durations) {
      const isShown = typeof defaultValue !== 'number' || defaultValueDescription !== undefined;
      assert.ok(isShown, `${flags} shows ${defaultValue}`);
    }
  });
});
