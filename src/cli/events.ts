import type { Command } from 'commander';
import type { EventsOptions } from './cluster/show-events.ts';
import { addClusterOptions, withoutEnd } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { wordsOption } from './word-option.ts';

/** `events`: what the controller has told of sets. */
export function addEventsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('events')
    .description('show the events of GeneratorSets, the newest last')
    .option('-A, --all-namespaces', 'those of all namespaces')
    .option('--for <kind/name>', 'only those of one set, such as GeneratorSet/podinfo')
    .addOption(
      wordsOption('--types <types>', 'only those of these types, with commas', ['Normal', 'Warning']),
    )
    .option('-w, --watch', 'then follow what comes')
    .option('--no-header', 'leave out the headers');
  addClusterOptions(command, context, 'the sets').action(async (options: EventsOptions) => {
    const bounded = options.watch ? withoutEnd(command, options) : options;
    await withCluster(context, bounded, async (session) => {
      const { showEvents } = await import('./cluster/show-events.ts');
      await showEvents(session, bounded, context);
    });
  });
}
