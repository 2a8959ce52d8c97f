import type { Logger } from '../lib/logger.ts';
import type { World } from '../reconcile/world.ts';
import type { CommandContext } from './command-context.ts';
import type { LiveCluster } from './live-cluster.ts';
import { accessOf, asksForCluster, type LiveOptions } from './live-options.ts';
import { createLogger, createPrinter, type Printer } from './printer.ts';
import type { SetOptions, TargetOptions } from './set-options.ts';
import { createSetReader, createValidator, type SetReader } from './set-reader.ts';
import { findReferences, type SetPlaces } from './set-reference.ts';
import { listenForStop, type StopSignals } from './stop-signals.ts';

/** What a command that works on sets has at hand while it runs. */
export interface Session {
  readonly world: World;
  readonly printer: Printer;
  readonly readSets: SetReader;
  /** Present where a cluster is meant: sets without another target are compared with it. */
  readonly live?: LiveCluster;
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
  /** What a command with `--live` was given: names of sets of the cluster among these are taken from there. */
  readonly places?: readonly string[];
  /** Whether what is said goes on for so long that each line needs its time. */
  readonly isTimed?: boolean;
  /** Called at the first SIGINT or SIGTERM; says whether the work goes on. */
  onGentle?(printer: Printer): boolean;
}

/**
 * Runs a command that works on sets: opens the world, closes it whatever happens, and turns what is thrown into
 * one line and the exit code `trouble`, and an interruption into the shell's exit code for it.
 */
export async function withSession(
  context: CommandContext,
  options: SetOptions & TargetOptions & LiveOptions,
  run: (session: Session) => Promise<void>,
  { trouble, places, isTimed = false, onGentle }: SessionRules = { trouble: 1 },
): Promise<void> {
  const printer = createPrinter(context.streams, isTimed ? () => new Date() : undefined);
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
    const found = await findReferences(places ?? []);
    refuseTarget(found, options);
    const live = await openLive(context, options, { found, log });
    // What stands in a cluster anybody may have written who may write there.
    const access = found.names.length > 0 && { access: accessOf(options) };
    const cluster = { mayBeLive: places !== undefined, ...(live && { live }) };
    const opened = await openWorld(context, options, { log, signal, ...cluster, ...access });
    close = async () => {
      await opened.close();
      await live?.close();
    };
    const reader = { namespace: options.namespace, target: options, log, signal, onError };
    const digestObjects = () => opened.digestObjects(signal);
    const readFiles = createSetReader(context, reader);
    const readSets = live ? readAnywhere(readFiles, live, { ...reader, context }) : readFiles;
    await run({ world: opened.world, printer, readSets, ...(live && { live }), digestObjects, signal, stop });
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

/** A set of the cluster is compared with the target that it has there, and with no other. */
function refuseTarget({ names }: SetPlaces, { gitUrl, branch, path, directory }: TargetOptions): void {
  if (names.length === 0 || (gitUrl ?? branch ?? path ?? directory) === undefined) return;
  throw new Error(
    `gset/${names[0]} has its target in the cluster: leave --git-url, --branch, --path and --directory out, or export the set and name its file`,
  );
}

/** The cluster, where an option or a name of one of its sets asks for it; nothing is asked of it yet. */
async function openLive(
  context: CommandContext,
  options: LiveOptions,
  { found, log }: { found: SetPlaces; log: Logger },
): Promise<LiveCluster | undefined> {
  if (found.names.length === 0 && !asksForCluster(options)) return undefined;
  const { createLiveCluster } = await import('./live-cluster.ts');
  return createLiveCluster(context, options, log);
}

/** Reads files and folders, and after them the sets that are named as those of the cluster. */
function readAnywhere(
  readFiles: SetReader,
  live: LiveCluster,
  {
    context,
    namespace,
    signal,
    ...options
  }: Parameters<typeof createSetReader>[1] & { context: CommandContext },
): SetReader {
  const validate = createValidator(context, { namespace });
  return async (places, onError = options.onError) => {
    const { files, names } = await findReferences(places);
    const sets = files.length > 0 || names.length === 0 ? await readFiles(files, onError) : [];
    for (const name of names) {
      try {
        sets.push(await live.readSet({ namespace, name }, validate, signal));
      } catch (error) {
        signal.throwIfAborted();
        onError(error as Error);
      }
    }
    return sets;
  };
}
