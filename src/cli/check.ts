import type { Command } from 'commander';
import { addClusterOptions, type CheckOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';

/** `check`: whether a cluster can have the controller, and whether it runs; exit code 1 where not. */
export function addCheckCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('check')
    .description('check that the cluster is fit, and that the controller runs in it')
    .option('--pre', 'only what must hold before installing');
  addClusterOptions(command, context).action((options: CheckOptions) =>
    withCluster(context, options, async (session) => {
      const { checkCluster } = await import('./check-cluster.ts');
      await checkCluster(session, options, context);
    }),
  );
}
