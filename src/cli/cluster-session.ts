import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { formatDuration } from '../lib/duration.ts';
import type { Logger } from '../lib/logger.ts';
import { chooseCluster } from './choose-cluster.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { CommandContext } from './command-context.ts';
import { createLogger, createPrinter, type Printer } from './printer.ts';
import { listenForStop } from './stop-signals.ts';

/** The longest that a timer can wait, in milliseconds: 24 days. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** What a command that talks to a cluster has at hand while it runs. */
export interface ClusterSession {
  readonly client: ClusterClient;
  /** The program as it was called, for advice. */
  readonly program: string;
  readonly printer: Printer;
  readonly log: Logger;
  /** Aborted by Ctrl-C and when the time is over. */
  readonly signal: AbortSignal;
}

/** The time was over, and there is more to say than that. */
export class OverdueError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OverdueError';
  }
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
  const late = lateSignal(options.timeout);
  const signal = AbortSignal.any([stop.hard, late]);
  try {
    const cluster = await chooseCluster(context, options, log);
    try {
      await run({ client: cluster.client, program: context.program, printer, log, signal });
    } finally {
      await cluster.close();
    }
  } catch (error) {
    if (stop.hard.aborted) {
      printer.failure('interrupted');
      context.setExitCode(stop.exitCode());
      return;
    }
    const isPlainlyLate = late.aborted && !(error instanceof OverdueError);
    printer.failure(isPlainlyLate ? overdue(options.timeout) : (error as Error).message);
    context.setExitCode(1);
  } finally {
    printer.clear();
    stop.release();
  }
}

/** An end that is further away than a timer can wait is none. */
function lateSignal(timeout: number): AbortSignal {
  return timeout > MAX_TIMEOUT ? new AbortController().signal : AbortSignal.timeout(timeout);
}

function overdue(timeout: number): string {
  return `not done after ${formatDuration(timeout)}; give it more with --timeout`;
}
