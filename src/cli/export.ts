import type { Command } from 'commander';
import type { ExportOptions } from './cluster/export-sets.ts';
import { addClusterOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { parseSetNames } from './set-name.ts';

/** `export`: sets of a cluster as the files that they could have come from. */
export function addExportCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('export')
    .description('print GeneratorSets of a cluster as YAML for files, which build and run take')
    .argument('[name...]', 'names of sets', parseSetNames)
    .option('--all', 'all sets of the namespace');
  addClusterOptions(command, context, 'the sets').action((names: string[], options: ExportOptions) =>
    withCluster(context, options, async (session) => {
      const { exportSets } = await import('./cluster/export-sets.ts');
      context.streams.stdout.write(await exportSets(session, names, options));
    }),
  );
}
