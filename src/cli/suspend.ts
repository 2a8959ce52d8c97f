import type { Command } from 'commander';
import type { SuspendOptions } from './cluster/suspend-sets.ts';
import { addClusterOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { parseSetNames } from './set-name.ts';

/** `suspend`: no more passes over sets until they are resumed. */
export function addSuspendCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('suspend')
    .description('make no more passes over GeneratorSets; what they have delivered stays')
    .argument('[name...]', 'names of sets', parseSetNames)
    .option('--all', 'all sets of the namespace')
    .option('-r, --reason <text>', 'why, for those who ask later');
  addClusterOptions(command, context, 'the sets').action((names: string[], options: SuspendOptions) =>
    withCluster(context, options, async (session) => {
      const { suspendSets } = await import('./cluster/suspend-sets.ts');
      await suspendSets(session, names, options);
    }),
  );
}
