import { Command } from 'commander';
import { suggest } from '../lib/suggest.ts';
import type { CommandContext } from './command-context.ts';
import { printable } from './printer.ts';

/** Adds one command to the program. */
type AddCommand = (program: Command, context: CommandContext) => void;

/** The command line: one file a command, in the order that help lists them, each loaded when it is wanted. */
const COMMANDS: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ['build', async () => (await import('./build.ts')).addBuildCommand],
  ['diff', async () => (await import('./diff.ts')).addDiffCommand],
  ['plan', async () => (await import('./plan.ts')).addPlanCommand],
  ['explain', async () => (await import('./explain.ts')).addExplainCommand],
  ['run', async () => (await import('./run.ts')).addRunCommand],
  ['backtest', async () => (await import('./backtest.ts')).addBacktestCommand],
  ['validate', async () => (await import('./validate.ts')).addValidateCommand],
  ['test', async () => (await import('./test.ts')).addTestCommand],
  ['template', async () => (await import('./template.ts')).addTemplateCommand],
  ['convert', async () => (await import('./convert.ts')).addConvertCommand],
  ['get', async () => (await import('./get.ts')).addGetCommand],
  ['reconcile', async () => (await import('./reconcile.ts')).addReconcileCommand],
  ['suspend', async () => (await import('./suspend.ts')).addSuspendCommand],
  ['resume', async () => (await import('./resume.ts')).addResumeCommand],
  ['events', async () => (await import('./events.ts')).addEventsCommand],
  ['tree', async () => (await import('./tree.ts')).addTreeCommand],
  ['logs', async () => (await import('./logs.ts')).addLogsCommand],
  ['export', async () => (await import('./export.ts')).addExportCommand],
  ['install', async () => (await import('./install.ts')).addInstallCommand],
  ['uninstall', async () => (await import('./uninstall.ts')).addUninstallCommand],
  ['check', async () => (await import('./check.ts')).addCheckCommand],
  ['controller', async () => (await import('./controller.ts')).addControllerCommand],
  ['completion', async () => (await import('./completion.ts')).addCompletionCommand],
  ['schema', async () => (await import('./schema.ts')).addSchemaCommand],
  ['version', async () => (await import('./version.ts')).addVersionCommand],
]);

/** What help writes above the commands that begin with this one. */
const HEADINGS: ReadonlyMap<string, string> = new Map([
  ['build', 'Commands for sets in files:'],
  ['get', 'Commands for sets of a cluster:'],
  ['install', 'Commands for the controller:'],
  ['completion', 'Other commands:'],
]);

/** The names of all commands, in the order that help lists them. */
export function commandNames(): string[] {
  return [...COMMANDS.keys()];
}

/**
 * The program, by the name that it was called by, with the command that the first word of the command line names; with all commands where
 * it names none, for help and for suggestions.
 */
export async function createProgram(context: CommandContext, wanted?: string): Promise<Command> {
  const { stdout, stderr } = context.streams;
  const program = new Command(context.program)
    .description('keeps Kubernetes manifests true: queries become safe, reviewed Git commits')
    .version(context.version, '--version', 'print the version')
    .showHelpAfterError('(--help lists what there is)')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  const only = COMMANDS.get(wanted ?? '');
  if (only) (await only())(program, context);
  else await addAllCommands(program, context);
  return program;
}

async function addAllCommands(program: Command, context: CommandContext): Promise<void> {
  for (const [name, load] of COMMANDS) {
    const heading = HEADINGS.get(name);
    if (heading !== undefined) program.commandsGroup(heading);
    (await load())(program, context);
  }
  addHelpCommand(program);
}

/** The library's own shows the whole help for a name that no command has, and does not say why. */
function addHelpCommand(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .description('show the help of a command')
    .argument('[command]', 'name of the command')
    .action((name?: string) => {
      const command = name === undefined ? program : program.commands.find((one) => one.name() === name);
      if (command) return command.outputHelp();
      const close = suggest(name ?? '', commandNames());
      const advice = close === undefined ? '' : `\n(Did you mean ${close}?)`;
      program.error(`error: unknown command '${printable(name ?? '')}'${advice}`);
    });
}
