import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { isObject } from '../lib/json.ts';
import { parseYaml } from '../lib/yaml.ts';
import { evaluateCase } from '../render/evaluate-case.ts';
import { readDelimiters } from '../render/read-delimiters.ts';
import { compileTemplate } from '../render/template/compile-template.ts';
import type { CommandContext } from './command-context.ts';
import { createPrinter } from './printer.ts';

interface TemplateCommandOptions {
  readonly file?: string;
  readonly data?: string;
  readonly delimiters?: string;
  readonly numbers: 'exact' | 'go';
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
  const source = text ?? (await readFile(options.file as string, 'utf8'));
  const delimiters = readDelimiters(
    options.delimiters === undefined ? {} : { 'generatorset.dev/delimiters': options.delimiters },
  );
  const program = compileTemplate(source, {
    name: options.file ?? 'template',
    numbers: options.numbers,
    ...(delimiters && { delimiters }),
  });
  const output = program.render(await readData(options.data, streams.stdin));
  return output.endsWith('\n') ? output : `${output}\n`;
}

async function readData(
  file: string | undefined,
  stdin: CommandContext['streams']['stdin'],
): Promise<object> {
  if (file === undefined) return {};
  const data = parseYaml(file === '-' ? await readAll(stdin) : await readFile(file, 'utf8'));
  if (isObject(data)) return data;
  throw new Error(`${file}: the data must be an object`);
}

async function readAll(stdin: CommandContext['streams']['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

async function evaluateCases({ streams }: CommandContext): Promise<void> {
  for await (const line of createInterface({ input: Readable.from(streams.stdin) })) {
    if (line.trim() !== '') streams.stdout.write(`${evaluateCase(line)}\n`);
  }
}
