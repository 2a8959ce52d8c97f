import type { World } from '../reconcile/world.ts';
import type { CommandContext } from './command-context.ts';
import { createLogger, createPrinter, type Printer } from './printer.ts';
import type { SetOptions, TargetOptions } from './set-options.ts';
import { createSetReader, type SetReader } from './set-reader.ts';
import { listenForStop, type StopSignals } from './stop-signals.ts';

/** What a command that works on sets has at hand while it runs. */
export interface Session {
  readonly world: World;
  readonly printer: Printer;
  readonly readSets: SetReader;
  /** Tells whether an object of `--objects` has changed; empty without such a folder. */
  digestObjects(): Promise<string>;
  /** Aborted when the command must end at once. */
  readonly signal: AbortSignal;
  readonly stop: StopSignals;
}

/** How a command takes failures and interruptions. */
interface SessionRules {
  /** The exit code when anything failed. */
  readonly trouble: number;
  /** Called at the first SIGINT or SIGTERM; says whether the work goes on. */
  onGentle?(printer: Printer): boolean;
}

/**
 * Runs a command that works on sets: opens the world, closes it whatever happens, and turns what is thrown into
 * one line and the exit code `trouble`, and an interruption into the shell's exit code for it.
 */
export async function withSession(
  context: CommandContext,
  options: SetOptions & TargetOptions,
  run: (session: Session) => Promise<void>,
  { trouble, onGentle }: SessionRules = { trouble: 1 },
): Promise<void> {
  const printer = createPrinter(context.streams);
  const log = createLogger(printer, { verbose: options.verbose ?? false });
  const stop = listenForStop(() => onGentle?.(printer) ?? false);
  const signal = stop.hard;
  const onError = (error: Error): void => {
    printer.failure(error.message);
    context.setExitCode(trouble);
  };
  let close = async (): Promise<void> => {};
  try {
    // Only now: what asks nobody, such as `schema`, need not load the clients.
    const { openWorld } = await import('./open-world.ts');
    const opened = await openWorld(context, options, { log, signal });
    close = opened.close;
    const reader = { namespace: options.namespace, target: options, log, signal, onError };
    const digestObjects = () => opened.digestObjects(signal);
    const readSets = createSetReader(context, reader);
    await run({ world: opened.world, printer, readSets, digestObjects, signal, stop });
  } catch (error) {
    if (!signal.aborted) onError(error as Error);
  } finally {
    printer.clear();
    await close();
    stop.release();
  }
  if (!signal.aborted) return;
  printer.failure('interrupted');
  context.setExitCode(stop.exitCode());
}
