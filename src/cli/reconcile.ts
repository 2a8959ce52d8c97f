import type { Command } from 'commander';
import type { ReconcileOptions } from './cluster/reconcile-set.ts';
import { addClusterOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { parseSetName } from './set-name.ts';

/** `reconcile`: asks the controller for a pass over a set now, and waits for what comes of it. */
export function addReconcileCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('reconcile')
    .description('ask the controller for a pass over a GeneratorSet now; every generator is queried')
    .argument('<name>', 'name of the set', parseSetName)
    .option('--force', 'take over fields that others have set, this once')
    .option('--approve <digest>', 'deliver the held plan, or make the held changes, with this digest')
    .option('--no-wait', 'do not wait for the end of the pass');
  addClusterOptions(command, context, 'the set').action((name: string, options: ReconcileOptions) =>
    withCluster(context, options, async (session) => {
      const { reconcileSet } = await import('./cluster/reconcile-set.ts');
      await reconcileSet(session, name, options);
    }),
  );
}
