import { type Command, InvalidArgumentError } from 'commander';
import type { LogsOptions } from './cluster/show-logs.ts';
import { addClusterOptions, defaultNamespace, parseNamespace, withoutEnd } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { durationOption } from './duration-option.ts';
import { wordOption } from './word-option.ts';

/** `logs`: what the controller says of sets. */
export function addLogsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('logs')
    .description('show what the controller says of GeneratorSets')
    .option('-A, --all-namespaces', 'of sets of all namespaces, and what is about none')
    .addOption(wordOption('--kind <kind>', 'only about this kind', ['GeneratorSet']))
    .option('--name <name>', 'only about the set with this name')
    .addOption(wordOption('--level <level>', 'only lines of this level', ['debug', 'info', 'warn', 'error']))
    .option('-f, --follow', 'go on with what comes')
    .option('--tail <lines>', 'so many of the last lines of each pod', parseTail)
    .addOption(durationOption('--since <duration>', 'only what is younger, such as 5m'))
    .option('--since-time <time>', 'only what is younger than this time, in RFC 3339', parseTime)
    .option(
      '--flux-namespace <name>',
      'namespace of the controller',
      parseNamespace,
      defaultNamespace(context),
    );
  addClusterOptions(command, context, 'the sets').action(async (options: LogsOptions) => {
    const bounded = options.follow ? withoutEnd(command, options) : options;
    await withCluster(context, bounded, async (session) => {
      const { showLogs } = await import('./cluster/show-logs.ts');
      await showLogs(session, bounded, context);
    });
  });
}

function parseTail(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a number of lines.');
  return Number(text);
}

function parseTime(text: string): string {
  const isWhole = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text);
  if (!isWhole || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('It must be a time such as 2026-01-31T12:00:00Z.');
  }
  return text;
}
