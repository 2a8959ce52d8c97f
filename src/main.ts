import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { generators } from '../generators/index.ts';
import type { CommandContext } from './cli/command-context.ts';
import { createProgram } from './cli/program.ts';
import { processStreams } from './cli/streams.ts';

// A reader such as `head` that goes away early is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    if (stream === process.stdout) process.stderr.write(`✗ cannot write: ${error.message}\n`);
    process.exit(1);
  });
}

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const context: CommandContext = {
  generators,
  version: manifest.version,
  streams: processStreams(),
  env: process.env,
  setExitCode: (code) => {
    process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
  },
};
const program = await createProgram(context, process.argv[2]);

for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // diff keeps 1 for "there are differences", so that its wrong usage is trouble.
  const misused = process.argv[2] === 'diff' ? (await import('./cli/diff.ts')).TROUBLE : 1;
  process.exitCode = error.exitCode === 0 ? 0 : misused;
}
