import { type Command, Option } from 'commander';
import type { GetOptions } from './cluster/show-sets.ts';
import { addClusterOptions, withoutEnd } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { parseSetNames } from './set-name.ts';

/** `get`: the sets of a cluster and how they are. */
export function addGetCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('get')
    .description('show the GeneratorSets of a cluster and how they are')
    .argument('[name...]', 'names of sets; all of the namespace where none is given', parseSetNames)
    .option('-A, --all-namespaces', 'those of all namespaces')
    .option('-l, --label-selector <selector>', 'only those with these labels, such as team=a,tier!=test')
    .option('--status-selector <condition=status>', 'only those with this condition, such as ready=false')
    .option('-w, --watch', 'then follow what changes')
    .option('--no-header', 'leave out the headers')
    .addOption(
      new Option(
        '-o, --output <format>',
        'wide shows more columns; json or yaml gives the whole objects',
      ).choices(['wide', 'json', 'yaml']),
    );
  addClusterOptions(command, context, 'the sets').action(async (names: string[], options: GetOptions) => {
    const bounded = options.watch ? withoutEnd(command, options) : options;
    await withCluster(context, bounded, async (session) => {
      const { showSets } = await import('./cluster/show-sets.ts');
      await showSets(session, { ...bounded, names }, context);
    });
  });
}
