import picocolors from 'picocolors';
import { generators } from '../../generators/index.ts';
import type { CommandContext } from '../../src/cli/command-context.ts';

const colors = picocolors.createColors(false);
const nowhere = { write: () => true };

/** What commands get whose options and help are looked at, and which are not run: nothing that they write is kept. */
export const COMMAND_CONTEXT: CommandContext = {
  generators,
  version: '0.0.0',
  program: 'generatorset',
  streams: {
    stdin: (async function* () {})(),
    stdout: nowhere,
    stderr: nowhere,
    colors,
    errorColors: colors,
  },
  env: {},
  setExitCode: () => {},
};
