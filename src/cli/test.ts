import { type Command, Option } from 'commander';
import { findCases } from './cases/find-cases.ts';
import { formatJunit } from './cases/format-junit.ts';
import { runCase } from './cases/run-case.ts';
import type { CaseResult } from './cases/test-case.ts';
import { colorDiff } from './color-diff.ts';
import type { CommandContext } from './command-context.ts';
import { createLogger, createPrinter, type Printer } from './printer.ts';
import { addNamespaceOption } from './set-options.ts';
import { listenForStop } from './stop-signals.ts';
import type { Streams } from './streams.ts';

interface TestOptions {
  readonly namespace: string;
  readonly output: 'diff' | 'junit' | 'json';
  readonly update?: boolean;
  readonly record?: boolean;
  readonly verbose?: boolean;
}

/** `test`: renders sets against recorded answers, and compares with what is expected; exit code 1 where it differs. */
export function addTestCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('test')
    .description('render GeneratorSets from their recorded answers, and compare with their expected.yaml')
    .argument('[dir...]', 'folders to look through for expected.yaml (default: .)');
  addNamespaceOption(command, context)
    .addOption(
      new Option('-o, --output <format>', 'format').choices(['diff', 'junit', 'json']).default('diff'),
    )
    .option('--update', 'write what is rendered into expected.yaml')
    .option('--record', 'ask the network, and write its answers into replay')
    .option('-v, --verbose', 'say more on stderr')
    .action((folders: string[], options: TestOptions) => test(folders, options, context));
}

async function test(folders: string[], options: TestOptions, context: CommandContext): Promise<void> {
  const printer = createPrinter(context.streams);
  const stop = listenForStop(() => false);
  try {
    const named = folders.length > 0 ? folders : ['.'];
    const results = await runAll(named, options, { context, printer, signal: stop.hard });
    context.streams.stdout.write(formatResults(results, options.output, context.streams));
    if (results.some(({ passed }) => !passed)) context.setExitCode(1);
  } catch (error) {
    printer.failure(stop.hard.aborted ? 'interrupted' : (error as Error).message);
    context.setExitCode(stop.hard.aborted ? stop.exitCode() : 1);
  } finally {
    printer.clear();
    stop.release();
  }
}

interface Running {
  readonly context: CommandContext;
  readonly printer: Printer;
  readonly signal: AbortSignal;
}

async function runAll(
  folders: readonly string[],
  { namespace, record = false, update = false, verbose = false }: TestOptions,
  { context, printer, signal }: Running,
): Promise<CaseResult[]> {
  const cases = await findCases(folders, { update, signal });
  if (cases.length === 0)
    throw new Error(
      `no tests in ${folders.join(', ')}: a test is a folder with a GeneratorSet, expected.yaml and, for what it asks, replay; make the first ones with --record --update`,
    );
  const log = createLogger(printer, { verbose });
  const results: CaseResult[] = [];
  for (const testCase of cases) {
    printer.progress(`${testCase.folder}: rendering`);
    const result = await runCase(testCase, { context, namespace, record, update, log, signal });
    results.push(result);
    sayResult(result, printer);
  }
  saySum(results, printer);
  return results;
}

function sayResult({ folder, passed, updated, resources, message }: CaseResult, printer: Printer): void {
  const count = `${resources} ${resources === 1 ? 'resource' : 'resources'}`;
  if (!passed) printer.failure(`${folder}: ${message}`);
  else if (updated) printer.generate(`${folder}: ${count}, expected.yaml written`);
  else printer.success(`${folder}: ${count}`);
}

function saySum(results: readonly CaseResult[], printer: Printer): void {
  const failed = results.filter(({ passed }) => !passed).length;
  if (failed > 0) printer.failure(`${failed} of ${results.length} failed`);
  else printer.success(`all ${results.length} passed`);
}

function formatResults(
  results: readonly CaseResult[],
  output: TestOptions['output'],
  streams: Streams,
): string {
  if (output === 'junit') return formatJunit(results);
  if (output === 'diff') return results.map(({ diff = '' }) => colorDiff(diff, streams)).join('');
  const failed = results.filter(({ passed }) => !passed).length;
  const sums = { tests: results.length, passed: results.length - failed, failed };
  return `${JSON.stringify({ ...sums, results }, null, 2)}\n`;
}
