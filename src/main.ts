import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { generators } from '../generators/index.ts';
import type { CommandContext } from './cli/command-context.ts';
import { createProgram } from './cli/program.ts';
import { commandWords, programName } from './cli/program-name.ts';
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
  program: programName(process.argv[1]),
  streams: processStreams(),
  env: process.env,
  setExitCode: (code) => {
    process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
  },
};
const words = commandWords(process.argv[1], process.argv.slice(2));
if (words[0]?.startsWith('__complete')) {
  const { runComplete } = await import('./cli/completion/run-complete.ts');
  const answer = await runComplete(words, context);
  // Nothing that still waits for a cluster may keep a shell waiting.
  process.stdout.write(answer, () => process.exit());
} else {
  await runCommand();
}

async function runCommand(): Promise<void> {
  const program = await createProgram(context, words[0]);
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // diff keeps 1 for "there are differences", so that its wrong usage is trouble.
    const misused = words[0] === 'diff' ? (await import('./cli/diff.ts')).TROUBLE : 1;
    process.exitCode = error.exitCode === 0 ? 0 : misused;
  }
}
