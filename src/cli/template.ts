import { EventEmitter, once } from 'node:events';
import { type Command, Option } from 'commander';
import { readText, readTextFile } from '../clients/files/read-text.ts';
import { isObject } from '../lib/json.ts';
import { parseYaml } from '../lib/yaml.ts';
import { evaluateCase } from '../render/evaluate-case.ts';
import { withAmbient } from '../render/functions/ambient.ts';
import { FUNCTION_PROFILES, type FunctionProfile } from '../render/functions/profiles.ts';
import { readDelimiters } from '../render/read-delimiters.ts';
import { compileTemplate } from '../render/template/compile-template.ts';
import type { CommandContext } from './command-context.ts';
import { createPrinter } from './printer.ts';
import { readLines } from './read-lines.ts';
import { systemAmbient } from './system-ambient.ts';

/** Characters of one case; more is answered with an error. */
const MAX_CASE_LENGTH = 64 * 1024 * 1024;

interface TemplateCommandOptions {
  readonly file?: string;
  readonly data?: string;
  readonly delimiters?: string;
  readonly numbers: 'exact' | 'go';
  readonly dialect: 'go' | 'handlebars';
  readonly functions: FunctionProfile;
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
    .option('--allow-non-deterministic', 'let functions such as now and randAlpha be called')
    .option('--ndjson', 'evaluate one JSON case a line from stdin, and answer one a line')
    .action(async (text: string | undefined, options: TemplateCommandOptions) => {
      try {
        if (options.ndjson) await evaluateCases(context);
        else context.streams.stdout.write(await evaluate(text, options, context));
      } catch (error) {
        createPrinter(context.streams).failure((error as Error).message);
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
  const source = text ?? (await readTextFile(options.file as string, signal));
  const delimiters = readDelimiters(
    options.delimiters === undefined ? {} : { 'generatorset.dev/delimiters': options.delimiters },
  );
  const program = compileTemplate(source, {
    name: options.file ?? 'template',
    numbers: options.numbers,
    dialect: options.dialect,
    functions: options.functions,
    allowNonDeterministic: options.allowNonDeterministic ?? false,
    ...(delimiters && { delimiters }),
  });
  const data = await readData(options.data, streams.stdin, signal);
  const ambient = options.allowNonDeterministic ? systemAmbient : undefined;
  const output = withAmbient(ambient, () => program.render(data));
  return output.endsWith('\n') ? output : `${output}\n`;
}

async function readData(
  file: string | undefined,
  stdin: CommandContext['streams']['stdin'],
  signal: AbortSignal,
): Promise<object> {
  if (file === undefined) return {};
  const data = parseYaml(
    file === '-' ? await readText(stdin, 'stdin', signal) : await readTextFile(file, signal),
  );
  if (isObject(data)) return data;
  throw new Error(`${file}: the data must be an object`);
}

/** Answers go out as they come; a reader that is slow makes the evaluation wait. */
async function evaluateCases({ streams }: CommandContext): Promise<void> {
  for await (const line of readLines(streams.stdin, MAX_CASE_LENGTH)) {
    if (line.trim() === '') continue;
    const isFull = streams.stdout.write(`${evaluateCase(line, systemAmbient)}\n`) === false;
    if (isFull && streams.stdout instanceof EventEmitter) await once(streams.stdout, 'drain');
  }
}
