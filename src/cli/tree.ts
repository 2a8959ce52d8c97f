import { type Command, Option } from 'commander';
import type { TreeOptions } from './cluster/show-tree.ts';
import { addClusterOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { parseSetName } from './set-name.ts';

/** `tree`: what a set has applied, and what these resources have brought in. */
export function addTreeCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('tree')
    .description('show what a GeneratorSet has applied, and what that has brought in')
    .argument('<name>', 'name of the set', parseSetName)
    .option('--compact', "only Flux's kinds and GeneratorSets")
    .addOption(new Option('-o, --output <format>', 'format').choices(['json', 'yaml']));
  addClusterOptions(command, context, 'the set').action((name: string, options: TreeOptions) =>
    withCluster(context, options, async (session) => {
      const { showTree } = await import('./cluster/show-tree.ts');
      await showTree(session, { ...options, name }, context);
    }),
  );
}
