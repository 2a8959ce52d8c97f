import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { LoadedSet } from '../api/read-sets.ts';
import { createLastRuns, type LastRuns } from '../clients/files/last-runs.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { formatDuration } from '../lib/duration.ts';
import { type JsonValue, stringifyJson } from '../lib/json.ts';
import { type Outcome, reconcile } from '../reconcile/reconcile.ts';
import { reconcileAll, type SetResult } from '../reconcile/reconcile-all.ts';
import { runLoop } from '../reconcile/run-loop.ts';
import { Schedule, setKey } from '../reconcile/schedule.ts';
import { setInterval } from '../reconcile/set-interval.ts';
import type { CommandContext } from './command-context.ts';
import {
  describeResult,
  heldElements,
  notHeld,
  resultToJson,
  skippedFiles,
  unusedApprovals,
} from './describe-plan.ts';
import { type Printer, toSeconds } from './printer.ts';
import { type Session, withSession } from './session.ts';
import {
  type ApproveOptions,
  addApproveOption,
  addSetOptions,
  addTargetOptions,
  cacheFolder,
  type SetOptions,
  type TargetOptions,
} from './set-options.ts';
import { formatTable } from './table.ts';

/** Recorded answers say nothing about when the real source was asked. */
const NO_LAST_RUNS: LastRuns = { read: async () => undefined, write: async () => {} };

interface RunOptions extends SetOptions, TargetOptions, ApproveOptions {
  readonly once?: boolean;
  readonly output?: 'json';
}

/** `run`: the standalone controller; keeps the targets of all given sets true, once or on their intervals. */
export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('deliver GeneratorSets to their targets, each on its interval, or once')
    .argument('<path...>', 'files or folders with GeneratorSets; - is stdin')
    .option('--once', 'one pass over all sets, then exit: 1 when a set failed')
    .addOption(new Option('-o, --output <format>', 'print results as JSON').choices(['json']));
  addApproveOption(command, 'deliver the held plan, or make the held changes, with this digest');
  addTargetOptions(addSetOptions(command, context)).action((paths: string[], options: RunOptions) =>
    withSession(
      context,
      options,
      (session) => (options.once ? runOnce : runForever)(paths, options, context, session),
      { trouble: 1, isTimed: !options.once, onGentle: sayFinishing },
    ),
  );
}

function sayFinishing(printer: Printer): boolean {
  printer.waiting('finishing the pass; once more stops at once');
  return true;
}

async function runOnce(
  paths: string[],
  options: RunOptions,
  context: CommandContext,
  session: Session,
): Promise<void> {
  const sets = await session.readSets(paths);
  const { start, report } = reporter(session.printer, sets.length);
  const run = (loaded: LoadedSet): Promise<Outcome> => {
    start(loaded);
    return runSet(loaded, options, session);
  };
  const results = await reconcileAll(sets, run, report);
  session.signal.throwIfAborted();
  const sayUnused = reportUnused(options.approve, sets.length, session.printer);
  for (const result of results) sayUnused(result);
  context.streams.stdout.write(formatResults(results, options.output));
  if (results.some(({ error }) => error)) context.setExitCode(1);
}

async function runForever(
  paths: string[],
  options: RunOptions,
  context: CommandContext,
  session: Session,
): Promise<void> {
  const { world, printer, stop, signal } = session;
  const schedule = new Schedule({
    lastRuns:
      options.replay === undefined ? createLastRuns(join(cacheFolder(context.env), 'runs')) : NO_LAST_RUNS,
    clock: { now: Date.now, monotonic: () => performance.now(), random: world.random },
    interval: ({ set }) => setInterval(set, world.generators),
    isDelivered: (loaded) => isDelivered(loaded, session),
    digestObjects: session.digestObjects,
    onWait: (loaded, wait) => printer.waiting(`${setKey(loaded)}: ran already, ${describeNext(wait)}`),
  });
  if (paths.includes('-')) throw new Error('stdin can be read only once: add --once, or name a file');
  const errors: string[] = [];
  const sets = await session.readSets(paths, (error) => errors.push(error.message));
  const sayNews = reportNews(printer);
  sayNews(errors);
  if (sets.length === 0) return context.setExitCode(1);
  if (sets.every(isWithoutTarget)) await world.openTarget((sets[0] as LoadedSet).set, signal);
  printer.action('watching; Ctrl-C stops');
  const { start, report } = reporter(printer);
  const running = new Set<string>();
  const sayUnused = reportUnused(options.approve, sets.length, printer);
  await runLoop({
    schedule,
    async readSets() {
      const errors: string[] = [];
      const sets = await session.readSets(paths, (error) => errors.push(error.message));
      sayNews(errors);
      return sets;
    },
    reconcileSet(loaded, pass) {
      running.add(setKey(loaded));
      start(loaded);
      return reconcile(loaded, world, { ...pass, ...approval(options), signal });
    },
    report(result) {
      running.delete(setKey(result.loaded));
      report(result);
      sayUnused(result);
      if (options.output) context.streams.stdout.write(`${toJson(resultToJson(result))}\n`);
    },
    reportError: (error) => printer.warning(error.message),
    ...createSleeper(stop.gentle, () => {
      if (running.size === 0) printer.progress(describeNext(schedule.untilNext()));
    }),
    stop: stop.gentle,
  });
  signal.throwIfAborted();
  printer.success('stopped');
}

/** Nothing that is waited for could give it a target. */
function isWithoutTarget({ set }: LoadedSet): boolean {
  const { git, directory } = set.spec.target ?? {};
  return !git && !directory;
}

/** Whether the target remembers the set; one that cannot be read is for the pass to report. */
async function isDelivered({ set }: LoadedSet, { world, signal }: Session): Promise<boolean> {
  try {
    const target = await world.openTarget(set, signal);
    return (await target.read(signal)).state !== undefined;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** Says which approvals came to nothing, once there was a first pass over each of so many sets. */
function reportUnused(
  approved: readonly string[] | undefined,
  count: number,
  printer: Printer,
): (result: SetResult) => void {
  const first = new Map<string, SetResult>();
  return (result) => {
    const key = setKey(result.loaded);
    if (first.has(key) || first.size === count) return;
    first.set(key, result);
    if (first.size < count) return;
    const plans = [...first.values()].map(({ outcome }) => outcome?.plan);
    for (const digest of unusedApprovals(approved, plans)) printer.warning(notHeld(digest));
  };
}

/** When the next pass is, so many milliseconds from now. */
function describeNext(wait: number): string {
  const seconds = Math.ceil(wait / 1000) * 1000;
  if (seconds === 0) return 'next at once';
  // No clock has a time that is further away.
  const at = new Date(Date.now() + seconds);
  if (Number.isNaN(at.getTime())) return 'next when a file changes';
  return `next in ${formatDuration(seconds)}, at ${toSeconds(at)}`;
}

/** Sleeps that end early when the signal aborts, or when they are told to; each time that one begins is told. */
function createSleeper(
  stop: AbortSignal,
  onSleep: () => void,
): { sleep(milliseconds: number): Promise<void>; wake(): void } {
  let present = new AbortController();
  return {
    async sleep(milliseconds) {
      onSleep();
      const signal = AbortSignal.any([stop, present.signal]);
      await delay(milliseconds, undefined, { signal }).catch(() => {});
      present = new AbortController();
    },
    wake: () => present.abort(),
  };
}

/** Says what is wrong with files once, not each time that they are read. */
function reportNews(printer: Printer): (errors: readonly string[]) => void {
  let known = new Set<string>();
  return (errors) => {
    for (const error of errors) if (!known.has(error)) printer.failure(error);
    known = new Set(errors);
  };
}

function runSet(loaded: LoadedSet, options: RunOptions, { world, signal }: Session): Promise<Outcome> {
  const memory = new ElementMemory(() => performance.now());
  return reconcile(loaded, world, { memory, all: true, ...approval(options), signal });
}

function approval({ approve }: ApproveOptions): { approved?: readonly string[] } {
  return approve === undefined ? {} : { approved: approve };
}

/** Says what became of each set as it ends, and on a terminal which one is worked on and how many are done. */
function reporter(
  printer: Printer,
  total?: number,
): { start(loaded: LoadedSet): void; report(result: SetResult): void } {
  let done = 0;
  const count = (): string => (total === undefined ? '' : ` (${done} of ${total} sets done)`);
  return {
    start: (loaded) => printer.progress(`${setKey(loaded)}: reconciling${count()}`),
    report(result) {
      done++;
      say(result, printer);
      if (total !== undefined && done < total) printer.progress(`${done} of ${total} sets done`);
    },
  };
}

function say(result: SetResult, printer: Printer): void {
  const name = setKey(result.loaded);
  const message = `${name}: ${describeResult(result)}`;
  for (const file of result.outcome ? skippedFiles(result.outcome.plan) : [])
    printer.warning(`${name}: ${file}`);
  for (const element of heldElements(result.outcome?.elements ?? [])) printer.warning(`${name}: ${element}`);
  if (result.error) printer.failure(message);
  else if (result.suspended) printer.waiting(message);
  else if (result.outcome?.plan.held || result.outcome?.plan.heldChanges) printer.warning(message);
  else printer.success(message);
}

function formatResults(results: readonly SetResult[], output: 'json' | undefined): string {
  if (output === 'json') return `${toJson({ sets: results.map(resultToJson) }, 2)}\n`;
  if (results.length === 0) return '';
  const rows = results.map((result) => {
    const { namespace, name } = result.loaded.set.metadata;
    const ready = result.error ? 'False' : result.suspended ? '-' : 'True';
    // Why it failed stands on stderr, each error with its line of the file.
    const message = result.error ? 'failed' : describeResult(result);
    return [namespace, name, shortRevision(result.outcome?.revision), ready, message];
  });
  return formatTable(['namespace', 'name', 'revision', 'ready', 'message'], rows);
}

/** Flux's short form, `main@sha1:0123abcd`. */
function shortRevision(revision: string | undefined): string {
  return revision?.replace(/(:[0-9a-f]{8})[0-9a-f]+$/, '$1') ?? '';
}

function toJson(value: object, indent?: number): string {
  return stringifyJson(value as unknown as JsonValue, indent);
}
