import { EventEmitter, once } from 'node:events';
import { type Command, Option } from 'commander';
import { readDelimiters } from '../api/read-delimiters.ts';
import { readText, readTextFile } from '../clients/files/read-text.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { parseYaml, YamlError } from '../lib/yaml.ts';
import { systemAmbient } from '../reconcile/system-ambient.ts';
import { evaluateCase } from '../render/evaluate-case.ts';
import { withAmbient } from '../render/functions/ambient.ts';
import { FUNCTION_PROFILES, type FunctionProfile } from '../render/functions/profiles.ts';
import { compileTemplate, TemplateError } from '../render/template/compile-template.ts';
import type { MissingKey } from '../render/values/field.ts';
import type { CommandContext } from './command-context.ts';
import { describeFaults } from './describe-faults.ts';
import { createPrinter } from './printer.ts';
import { readLines } from './read-lines.ts';

/** Characters of one case; more is answered with an error. */
const MAX_CASE_LENGTH = 64 * 1024 * 1024;

/** The annotation of a set that `--delimiters` stands for. */
const DELIMITERS = 'generatorset.dev/delimiters';

/** What messages say of a set, and the option that does the same. */
const OPTIONS: readonly (readonly [field: string, option: string])[] = [
  [`annotation ${DELIMITERS}`, '--delimiters'],
  ['set spec.allowNonDeterministic: true', 'give --allow-non-deterministic'],
  ['set spec.dialect: handlebars', 'give --dialect handlebars'],
];

/** Why files cannot be read. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['EISDIR', 'is a folder'],
]);

interface TemplateCommandOptions {
  readonly file?: string;
  readonly data?: string;
  readonly delimiters?: string;
  readonly numbers: 'exact' | 'go';
  readonly dialect: 'go' | 'handlebars';
  readonly functions: FunctionProfile;
  readonly missingkey: MissingKey;
  readonly allowNonDeterministic?: boolean;
  readonly ndjson?: boolean;
}

/** `template`: evaluates a template against data, or a stream of cases. */
export function addTemplateCommand(program: Command, context: CommandContext): void {
  program
    .command('template')
    .description('evaluate a template against data')
    .argument('[text]', 'the template')
    .option('-f, --file <file>', 'read the template from a file')
    .option('-d, --data <file>', 'YAML or JSON that the template sees as "."; - is stdin')
    .option('--delimiters <left,right>', 'instead of {{,}}')
    .addOption(new Option('--numbers <mode>', 'how numbers print').choices(['exact', 'go']).default('exact'))
    .addOption(
      new Option('--dialect <dialect>', 'the language of the template')
        .choices(['go', 'handlebars'])
        .default('go'),
    )
    .addOption(
      new Option('--functions <profile>', 'which functions exist')
        .choices(FUNCTION_PROFILES)
        .default('generatorset'),
    )
    .addOption(
      new Option('--missingkey <mode>', 'what a key that is missing gives')
        .choices(['default', 'zero', 'error'])
        .default('error'),
    )
    .option('--allow-non-deterministic', 'let functions such as now and randAlpha be called')
    .option('--ndjson', 'evaluate one JSON case a line from stdin, and answer one a line')
    .action(async (text: string | undefined, options: TemplateCommandOptions) => {
      try {
        if (options.ndjson) await evaluateCases(context);
        else context.streams.stdout.write(await evaluate(text, options, context));
      } catch (error) {
        const printer = createPrinter(context.streams);
        const errors = error instanceof AggregateError ? error.errors : [error];
        for (const { message } of errors as Error[]) printer.failure(nameOptions(message));
        context.setExitCode(1);
      }
    });
}

async function evaluate(
  text: string | undefined,
  options: TemplateCommandOptions,
  { streams }: CommandContext,
): Promise<string> {
  if ((text === undefined) === (options.file === undefined))
    throw new Error('give the template as an argument or with --file');
  const { signal } = new AbortController();
  const source = text ?? (await readFile(options.file as string, signal));
  const name = options.file ?? 'template';
  const data = await readData(options.data, streams.stdin, signal);
  try {
    const output = render(source, name, { data, options });
    return output.endsWith('\n') ? output : `${output}\n`;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new AggregateError(describeFaults(error, name, source), error.message, { cause: error });
  }
}

function render(
  source: string,
  name: string,
  { data, options }: { data: object; options: TemplateCommandOptions },
): string {
  const { numbers, dialect, functions, missingkey, allowNonDeterministic = false } = options;
  const delimiters = readDelimiters(
    options.delimiters === undefined ? {} : { [DELIMITERS]: options.delimiters },
  );
  const program = compileTemplate(source, {
    name,
    numbers,
    dialect,
    functions,
    allowNonDeterministic,
    missingKey: missingkey,
    ...(delimiters && { delimiters }),
  });
  return withAmbient(allowNonDeterministic ? systemAmbient : undefined, () => program.render(data));
}

/** Messages speak of sets; whoever tries a template has options. */
function nameOptions(message: string): string {
  return OPTIONS.reduce((text, [field, option]) => text.replace(field, option), message);
}

/** Reads a file; what fails names it. */
async function readFile(file: string, signal: AbortSignal): Promise<string> {
  try {
    return await readTextFile(file, signal);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const reason = REASONS.get(code) ?? message;
    throw new Error(`${file}: ${reason}`, { cause: error });
  }
}

async function readData(
  file: string | undefined,
  stdin: CommandContext['streams']['stdin'],
  signal: AbortSignal,
): Promise<object> {
  if (file === undefined) return {};
  const name = file === '-' ? 'stdin' : file;
  const data = parseData(
    file === '-' ? await readText(stdin, name, signal) : await readFile(file, signal),
    name,
  );
  if (isObject(data)) return data;
  throw new Error(`${name}: the data must be an object`);
}

function parseData(text: string, name: string): JsonValue {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`${name}:${error.line}:${error.column}: ${error.reason}`, { cause: error });
  }
}

/** Answers go out as they come; a reader that is slow makes the evaluation wait. */
async function evaluateCases({ streams }: CommandContext): Promise<void> {
  for await (const line of readLines(streams.stdin, MAX_CASE_LENGTH)) {
    if (line.trim() === '') continue;
    const isFull = streams.stdout.write(`${evaluateCase(line, systemAmbient)}\n`) === false;
    if (isFull && streams.stdout instanceof EventEmitter) await once(streams.stdout, 'drain');
  }
}
