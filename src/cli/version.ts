import { type Command, Option } from 'commander';
import type { CommandContext } from './command-context.ts';

/** `version`: of this program, and of the Node that runs it. */
export function addVersionCommand(program: Command, { version, streams }: CommandContext): void {
  program
    .command('version')
    .description('print the version')
    .addOption(new Option('-o, --output <format>', 'format').choices(['json']))
    .action(({ output }: { output?: 'json' }) => {
      const json = `${JSON.stringify({ generatorset: version, node: process.version })}\n`;
      streams.stdout.write(output ? json : `generatorset: v${version}\nnode: ${process.version}\n`);
    });
}
