import type { Command } from 'commander';
import type { ResumeOptions } from './cluster/resume-sets.ts';
import { addClusterOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { parseSetNames } from './set-name.ts';

/** `resume`: goes on with sets that were suspended. */
export function addResumeCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('resume')
    .description('go on with GeneratorSets that were suspended')
    .argument('[name...]', 'names of sets', parseSetNames)
    .option('--all', 'all sets of the namespace')
    .option('--wait', 'wait for the pass over each (default: where one name is given)')
    .option('--no-wait', 'do not wait');
  addClusterOptions(command, context, 'the sets').action((names: string[], options: ResumeOptions) =>
    withCluster(context, options, async (session) => {
      const { resumeSets } = await import('./cluster/resume-sets.ts');
      await resumeSets(session, names, options);
    }),
  );
}
