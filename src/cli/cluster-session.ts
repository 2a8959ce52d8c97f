import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { formatDuration } from '../lib/duration.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { CommandContext } from './command-context.ts';
import { createLogger, createPrinter, type Printer } from './printer.ts';
import { listenForStop } from './stop-signals.ts';

/** What a command that talks to a cluster has at hand while it runs. */
export interface ClusterSession {
  readonly client: ClusterClient;
  readonly printer: Printer;
  /** Aborted by Ctrl-C and when the time is over. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command against the cluster of the kubeconfig: whatever is thrown becomes one line and exit code 1, and an
 * interruption the shell's exit code for it.
 */
export async function withCluster(
  context: CommandContext,
  options: ClusterOptions,
  run: (session: ClusterSession) => Promise<void>,
): Promise<void> {
  const printer = createPrinter(context.streams);
  const log = createLogger(printer, { verbose: false });
  const stop = listenForStop(() => false);
  const late = AbortSignal.timeout(options.timeout);
  const signal = AbortSignal.any([stop.hard, late]);
  try {
    // Only now: the libraries behind it take long to load.
    const { openCluster } = await import('../clients/cluster/open-cluster.ts');
    const cluster = await openCluster({
      ...(options.kubeconfig !== undefined && { kubeconfig: options.kubeconfig }),
      ...(options.context !== undefined && { context: options.context }),
      userAgent: `generatorset/${context.version}`,
      log,
    });
    try {
      await run({ client: cluster.client, printer, signal });
    } finally {
      await cluster.close();
    }
  } catch (error) {
    if (stop.hard.aborted) {
      printer.failure('interrupted');
      context.setExitCode(stop.exitCode());
      return;
    }
    const message = late.aborted ? overdue(options.timeout) : (error as Error).message;
    printer.failure(message);
    context.setExitCode(1);
  } finally {
    printer.clear();
    stop.release();
  }
}

function overdue(timeout: number): string {
  return `not done after ${formatDuration(timeout)}; give it more with --timeout`;
}
