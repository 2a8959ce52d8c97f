import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_NAMESPACE } from '../api/defaults.ts';
import { parseDuration } from '../lib/duration.ts';
import type { CommandContext } from './command-context.ts';

/** The options of every command that talks to a cluster. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The controller's namespace. */
  readonly namespace: string;
  /** Milliseconds for the whole command. */
  readonly timeout: number;
}

/** The options of `install`. */
export interface InstallOptions extends ClusterOptions {
  readonly export?: boolean;
  readonly image?: string;
  readonly clusterAdmin?: boolean;
}

/** The options of `uninstall`. */
export interface UninstallOptions extends ClusterOptions {
  readonly silent?: boolean;
  readonly keepCrds?: boolean;
  readonly keepNamespace: boolean;
}

/** The options of `check`. */
export interface CheckOptions extends ClusterOptions {
  readonly pre?: boolean;
}

/** Adds the options of every command that talks to a cluster, as kubectl and flux call them. */
export function addClusterOptions(command: Command, { env }: CommandContext): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, then ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig')
    .option(
      '-n, --namespace <name>',
      'namespace of the controller',
      env['FLUX_SYSTEM_NAMESPACE'] || DEFAULT_NAMESPACE,
    )
    .option('--timeout <duration>', 'how long the command may take', parseTimeout, parseDuration('5m'));
}

function parseTimeout(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
