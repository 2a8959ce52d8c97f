import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { LoadedSet } from '../api/read-sets.ts';
import { backtest } from '../backtest/backtest.ts';
import { backtestCsv } from '../backtest/backtest-csv.ts';
import { backtestJson } from '../backtest/backtest-json.ts';
import type { Backtest, MissingFigures } from '../backtest/backtest-result.ts';
import { backtestTables } from '../backtest/backtest-tables.ts';
import { type FixedSources, readFixed, readStanding } from '../backtest/fixed-values.ts';
import { readPeriod } from '../backtest/period.ts';
import { MAX_PANELS, plotBacktest } from '../backtest/plot.ts';
import { stringifyJson } from '../lib/json.ts';
import { setKey } from '../reconcile/schedule.ts';
import { createAskHistory } from './ask-history.ts';
import type { CommandContext } from './command-context.ts';
import type { Printer } from './printer.ts';
import { type Session, withSession } from './session.ts';
import { addSetOptions, addTargetOptions, type SetOptions, type TargetOptions } from './set-options.ts';
import { formatTable } from './table.ts';

type Output = 'table' | 'json' | 'csv';

interface BacktestOptions extends SetOptions, Omit<TargetOptions, 'path'> {
  readonly from: string;
  readonly to?: string;
  readonly step: string;
  readonly resolution: string;
  readonly prometheus?: string;
  readonly fixed?: readonly string[];
  readonly output: Output;
  readonly plot?: string;
}

/** `backtest`: what a set would have done over a past time, and what its decisions would have cost. */
export function addBacktestCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('backtest')
    .description(
      'replay a GeneratorSet over history: the commits it would have made, and what its values cost',
    )
    .argument('<path>', 'file with one GeneratorSet; - is stdin')
    .requiredOption('--from <duration>', 'how long before --to it begins, such as 30d')
    .option('--to <time>', 'where it ends, such as 2026-03-01T00:00:00Z (default: now)')
    .option('--step <duration>', 'time between two passes', '1d')
    .option('--resolution <duration>', 'time between two samples of usage', '1h')
    .option('--prometheus <url>', 'ask this Prometheus in place of the url of the generators')
    .option(
      '--fixed <name=value>',
      'compare with this value; may be given for each decision (default: what stands in the target)',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .addOption(
      new Option('-o, --output <format>', 'format').choices(['table', 'json', 'csv']).default('table'),
    )
    .option('--plot <file>', 'write a plot of usage and values to this SVG file');
  addTargetOptions(addSetOptions(command, context)).action((path: string, options: BacktestOptions) =>
    withSession(context, options, (session) => run(path, options, context, session)),
  );
}

async function run(
  path: string,
  options: BacktestOptions,
  context: CommandContext,
  session: Session,
): Promise<void> {
  if (options.replay !== undefined && options.to === undefined)
    throw new Error('--replay needs --to: answers are recorded for the times that were asked for');
  const period = readPeriod(options, session.world.now());
  const prometheus = options.prometheus === undefined ? {} : { prometheus: readUrl(options.prometheus) };
  const loaded = onlySet(await session.readSets([path]), path);
  if (!loaded) return;
  const { world, printer, signal } = session;
  const name = setKey(loaded);
  const result = await backtest(loaded, {
    world,
    period,
    ...prometheus,
    signal,
    fixed: await readFixedSources(loaded, options, session),
    ask: createAskHistory(loaded, { world, ...prometheus }),
    traced: options.plot === undefined ? 0 : MAX_PANELS,
    onStep: (done, total) => printer.progress(`${name}: ${done} of ${total} steps`),
  });
  printer.clear();
  if (options.plot !== undefined) await writeFile(options.plot, plotBacktest(result));
  context.streams.stdout.write(formatResult(result, options.output));
  sayMissing(name, result.missing, printer);
  if (result.missing.some(({ isFailure }) => isFailure)) context.setExitCode(1);
}

/** The one set of a file; undefined where an error was told already. */
function onlySet(sets: readonly LoadedSet[], path: string): LoadedSet | undefined {
  if (sets.length > 1)
    throw new Error(`${path} holds ${sets.length} GeneratorSets: name a file with one of them`);
  return sets[0];
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return text;
  throw new Error('--prometheus must be a URL such as http://prometheus:9090, without user information');
}

/** The target is read only where the command line does not say everything, and never when answers are replayed. */
async function readFixedSources(
  loaded: LoadedSet,
  options: BacktestOptions,
  { world, printer, signal }: Session,
): Promise<FixedSources> {
  const tunes = loaded.set.spec.tune ?? [];
  const given = readFixed(options.fixed ?? [], tunes);
  if (tunes.every(({ name, usage }) => usage === undefined || given.has(name)))
    return { given, standing: [] };
  try {
    return { given, standing: await readStanding(loaded, world, signal) };
  } catch (error) {
    signal.throwIfAborted();
    const instead = 'what was decided last is compared with (or what --fixed NAME=VALUE gives)';
    printer.waiting(
      `${setKey(loaded)}: ${instead}, since the target cannot be read: ${(error as Error).message}`,
    );
    return { given, standing: [] };
  }
}

function formatResult(result: Backtest, output: Output): string {
  if (output === 'csv') return backtestCsv(result);
  if (output === 'json') return `${stringifyJson(backtestJson(result), 2)}\n`;
  return backtestTables(result)
    .map(({ headers, rows }) => formatTable(headers, rows))
    .join('\n');
}

function sayMissing(set: string, missing: readonly MissingFigures[], printer: Printer): void {
  for (const { name, element, message, isFailure } of missing) {
    const whose = element === undefined || element === '' ? name : `${name} of ${element}`;
    const line = `${set}: ${whose}: ${message}`;
    if (isFailure) printer.failure(line);
    else printer.waiting(line);
  }
}
