import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { DEFAULT_NAMESPACE } from '../api/defaults.ts';
import { readText, readTextFile } from '../clients/files/read-text.ts';
import { type ConvertedSet, convertSets, type InputFile } from '../convert/convert-sets.ts';
import { formatReport, type Report } from '../convert/report.ts';
import type { CommandContext } from './command-context.ts';
import { createPrinter, type Printer } from './printer.ts';
import { createValidator } from './set-reader.ts';

interface ConvertOptions {
  readonly output?: string;
  readonly strict?: boolean;
  readonly to: 'application' | 'kustomization';
}

/** `convert`: makes GeneratorSets of other tools' sets, and says what is not as it was. */
export function addConvertCommand(program: Command, context: CommandContext): void {
  program
    .command('convert')
    .description('make GeneratorSets of GitOpsSets, ResourceSets and ApplicationSets')
    .argument('<file...>', 'files with sets and their input providers; - is stdin')
    .option('-o, --output <dir>', 'write a file for each set into this folder, instead of all to stdout')
    .addOption(
      new Option('--to <kind>', 'what Applications of an ApplicationSet become')
        .choices(['application', 'kustomization'])
        .default('application'),
    )
    .option('--strict', 'fail when anything could not be carried over')
    .action(async (files: string[], options: ConvertOptions) => {
      const printer = createPrinter(context.streams);
      try {
        await convert(files, options, { context, printer });
      } catch (error) {
        printer.failure((error as Error).message);
        context.setExitCode(1);
      }
    });
}

async function convert(
  names: readonly string[],
  { output, strict = false, to }: ConvertOptions,
  { context, printer }: { readonly context: CommandContext; readonly printer: Printer },
): Promise<void> {
  const files: InputFile[] = [];
  for (const name of new Set(names)) files.push(await readInput(name, context));
  const validate = createValidator(context, { namespace: DEFAULT_NAMESPACE });
  const { sets, reports, errors } = convertSets(files, { validate, to });
  const all = [...sets.flatMap((set) => set.reports), ...reports];
  for (const report of all) tell(report, printer);
  for (const error of errors) printer.failure(error.message);
  const isLossy = all.some(({ outcome }) => outcome === 'lost');
  if (errors.length > 0 || (strict && isLossy)) context.setExitCode(1);
  if (sets.length === 0 && errors.length === 0)
    throw new Error(`${names.join(', ')}: no set that can be converted`);
  if (output === undefined) context.streams.stdout.write(sets.map(({ yaml }) => `---\n${yaml}`).join(''));
  else for (const file of await writeSets(sets, output)) printer.success(`${file} written`);
}

function tell(report: Report, printer: Printer): void {
  if (report.outcome === 'left out') printer.action(formatReport(report));
  else printer.warning(formatReport(report));
}

async function readInput(name: string, { streams }: CommandContext): Promise<InputFile> {
  const { signal } = new AbortController();
  if (name === '-') return { name: 'stdin', text: await readText(streams.stdin, 'stdin', signal) };
  try {
    return { name, text: await readTextFile(name, signal) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = { ENOENT: 'no such file', EISDIR: 'a folder: name its files, as in sets/*.yaml' }[
      code ?? ''
    ];
    // Only the system's own errors do not name the file.
    if (code === undefined) throw error;
    throw new Error(`${name}: ${reason ?? message}`, { cause: error });
  }
}

/** A file that is there already may have been worked on, and is left alone. Without a file for each, none is written. */
async function writeSets(sets: readonly ConvertedSet[], folder: string): Promise<string[]> {
  const files = new Map<string, ConvertedSet>();
  for (const set of sets) {
    const { name, namespace } = set;
    const file = join(folder, `${namespace === undefined ? '' : `${namespace}-`}${name}.yaml`);
    const other = files.get(file);
    if (other !== undefined)
      throw new Error(`${file}: both ${titleOf(other)} and ${titleOf(set)}; convert them into two folders`);
    files.set(file, set);
  }
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const [file, { yaml }] of files) {
    try {
      await writeFile(file, yaml, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new Error(`${file}: exists already; remove it, or choose another folder`, { cause: error });
    }
    written.push(file);
  }
  return written;
}

function titleOf({ from, name, namespace }: ConvertedSet): string {
  return `the ${from} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
