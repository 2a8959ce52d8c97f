import { Command } from 'commander';
import { addClusterOptions, type ClusterOptions, overridesOf } from './cluster-options.ts';
import type { CommandContext } from './command-context.ts';

/** The options of commands that may use a cluster, and need none. */
export interface LiveOptions extends Omit<ClusterOptions, 'timeout'> {
  readonly live?: boolean;
}

/** Options that these commands have for themselves, or have no use for. */
const NOT_HERE = new Set(['--namespace', '--timeout']);

/** Adds `--live` and the options that choose a cluster, each of which implies it. */
export function addLiveOptions(command: Command, context: CommandContext): Command {
  command.option(
    '--live',
    'use the cluster of the kubeconfig: generators read it, and what sets apply is compared with it',
  );
  const { options } = addClusterOptions(new Command(), context);
  for (const option of options.filter(({ long }) => !NOT_HERE.has(long ?? ''))) command.addOption(option);
  return command;
}

/** Whether any option says that a cluster is meant. */
export function asksForCluster(options: LiveOptions): boolean {
  const { live, kubeconfig, context } = options;
  return live === true || [kubeconfig, context].some((it) => it !== undefined) || hasOverrides(options);
}

function hasOverrides(options: LiveOptions): boolean {
  return Object.keys(overridesOf({ ...options, timeout: 0 })).length > 0;
}
