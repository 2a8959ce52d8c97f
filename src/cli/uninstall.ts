import type { Command } from 'commander';
import { addClusterOptions, type UninstallOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';

/** `uninstall`: takes the controller and its kind out of a cluster; what sets have applied stays. */
export function addUninstallCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('uninstall')
    .description('remove the controller and all GeneratorSets; what they have applied stays')
    .option('-s, --silent', 'do not ask for confirmation')
    .option('--keep-crds', 'keep the kind and the GeneratorSets')
    .option('--no-keep-namespace', 'remove the namespace too, where install has made it');
  addClusterOptions(command, context).action((options: UninstallOptions) =>
    withCluster(context, options, async (session) => {
      const { uninstallFrom } = await import('./uninstall-controller.ts');
      await uninstallFrom(session, options, context);
    }),
  );
}
