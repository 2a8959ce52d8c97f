import { Command } from 'commander';
import { addClusterOptions, type ConnectionOptions, overridesOf } from './cluster-options.ts';
import type { CommandContext } from './command-context.ts';

/** The options of commands that may use a cluster, and need none. */
export interface LiveOptions extends ConnectionOptions {
  readonly live?: boolean;
  /** What a set of the cluster may reach of this machine. */
  readonly allowLoopback?: boolean;
  readonly allowFile?: boolean;
}

/** What sets may reach of the machine that they are worked on. */
export interface MachineAccess {
  readonly allowLoopback: boolean;
  /** `file://` repositories, and directories to deliver to. */
  readonly allowFile: boolean;
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
  return command
    .option('--allow-loopback', 'let sets of the cluster reach 127.0.0.1 and ::1 of this machine')
    .option(
      '--allow-file',
      'let sets of the cluster use file:// repositories and directories of this machine',
    );
}

/** What the sets of a cluster may reach of this machine; files and folders of one's own may all of it. */
export function accessOf({ allowLoopback = false, allowFile = false }: LiveOptions): MachineAccess {
  return { allowLoopback, allowFile };
}

/** Whether any option says that a cluster is meant. */
export function asksForCluster(options: LiveOptions): boolean {
  const { live, kubeconfig, context } = options;
  const isChosen = [kubeconfig, context].some((it) => it !== undefined);
  return live === true || isChosen || Object.keys(overridesOf(options)).length > 0;
}
