import { type Command, Option } from 'commander';
import type { LoadedSet } from '../api/read-sets.ts';
import { listSpecTemplates } from '../generate/spec-templates.ts';
import { checkReadyExpressions } from '../reconcile/dependencies.ts';
import { setKey } from '../reconcile/schedule.ts';
import { checkTemplates } from '../render/check-templates.ts';
import { createValueRenderer } from '../render/render-value.ts';
import type { CommandContext } from './command-context.ts';
import { createLogger, createPrinter } from './printer.ts';
import { addNamespaceOption } from './set-options.ts';
import { createSetReader } from './set-reader.ts';
import { formatTable } from './table.ts';

interface ValidateOptions {
  readonly namespace: string;
  readonly output?: 'json';
}

interface Verdict {
  readonly loaded: LoadedSet;
  readonly error?: Error;
}

/** `validate`: checks fields and templates of sets; asks nobody and delivers nothing. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('validate')
    .description('check the fields and templates of GeneratorSets')
    .argument('<path...>', 'files or folders with GeneratorSets; - is stdin');
  addNamespaceOption(command, context)
    .addOption(new Option('-o, --output <format>', 'print the verdicts as JSON').choices(['json']))
    .action(async (paths: string[], options: ValidateOptions) => {
      const printer = createPrinter(context.streams);
      const onError = (error: Error): void => {
        printer.failure(error.message);
        context.setExitCode(1);
      };
      try {
        await validate(paths, options, context, onError);
      } catch (error) {
        onError(error as Error);
      }
    });
}

async function validate(
  paths: string[],
  { namespace, output }: ValidateOptions,
  context: CommandContext,
  onError: (error: Error) => void,
): Promise<void> {
  const { signal } = new AbortController();
  const log = createLogger(createPrinter(context.streams), { verbose: false });
  const readSets = createSetReader(context, { namespace, target: {}, log, signal, onError });
  const errors: string[] = [];
  const sets = await readSets(paths, (error) => {
    errors.push(error.message);
    onError(error);
  });
  const verdicts = await Promise.all(sets.map((loaded) => check(loaded, context)));
  for (const { loaded, error } of verdicts)
    if (error) onError(new Error(`${setKey(loaded)}: ${error.message}`, { cause: error }));
  context.streams.stdout.write(formatVerdicts(verdicts, errors, output));
}

async function check(loaded: LoadedSet, { generators }: CommandContext): Promise<Verdict> {
  const { set } = loaded;
  const { isTemplate } = createValueRenderer(set);
  try {
    checkTemplates(loaded, listSpecTemplates(set.spec.generators, { generators, isTemplate }));
    await checkReadyExpressions(loaded);
    return { loaded };
  } catch (error) {
    return { loaded, error: error as Error };
  }
}

/** Sets that cannot be read have no verdict; as JSON they are among the errors. No table where there is no verdict. */
function formatVerdicts(
  verdicts: readonly Verdict[],
  errors: readonly string[],
  output: 'json' | undefined,
): string {
  const rows = verdicts.map(({ loaded: { set, source }, error }) => ({
    namespace: set.metadata.namespace,
    name: set.metadata.name,
    file: source.file,
    valid: error === undefined,
    ...(error && { message: error.message }),
  }));
  if (output) return `${JSON.stringify({ sets: rows, errors }, null, 2)}\n`;
  if (rows.length === 0) return '';
  const cells = rows.map(({ namespace, name, valid, file }) => [
    namespace,
    name,
    valid ? 'True' : 'False',
    file,
  ]);
  return formatTable(['namespace', 'name', 'valid', 'file'], cells);
}
