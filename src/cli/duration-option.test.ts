import assert from 'node:assert/strict';
import picocolors from 'picocolors';
import type { CommandContext } from './command-context.ts';
import { durationOption } from './duration-option.ts';
import { createProgram } from './program.ts';

const colors = picocolors.createColors(false);
const out = { write: () => true };
const CONTEXT: CommandContext = {
  generators: [],
  version: '0.0.0',
  program: 'generatorset',
  streams: { stdin: (async function* () {})(), stdout: out, stderr: out, colors, errorColors: colors },
  env: {},
  setExitCode: () => {},
};

describe('durationOption', () => {
  it('reads milliseconds, and shows its default as people write it', () => {
    const option = durationOption('--timeout <duration>', 'how long', '5m');
    assert.deepEqual([option.defaultValue, option.defaultValueDescription], [300_000, '5m']);
    assert.equal(option.parseArg?.('1m30s', undefined), 90_000);
    assert.throws(() => option.parseArg?.('90', undefined), /"90" is not a duration/);
  });

  it('is what every command has for its durations', async () => {
    const program = await createProgram(CONTEXT);
    const options = program.commands.flatMap(({ options }) => options);
    const durations = options.filter(({ flags }) => flags.includes('<duration>'));
    assert.ok(durations.length > 10);
    for (const { flags, defaultValue, defaultValueDescription } of durations) {
      const isShown = typeof defaultValue !== 'number' || defaultValueDescription !== undefined;
      assert.ok(isShown, `${flags} shows ${defaultValue}`);
    }
  });
});
