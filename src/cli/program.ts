import { Command } from 'commander';
import { addBuildCommand } from './build.ts';
import type { CommandContext } from './command-context.ts';
import { addDiffCommand } from './diff.ts';
import { addRunCommand } from './run.ts';
import { addSchemaCommand } from './schema.ts';
import { addTemplateCommand } from './template.ts';
import { addValidateCommand } from './validate.ts';
import { addVersionCommand } from './version.ts';

/** The command line: one file a command, in the order that help lists them. */
const COMMANDS = [
  addBuildCommand,
  addDiffCommand,
  addRunCommand,
  addValidateCommand,
  addTemplateCommand,
  addSchemaCommand,
  addVersionCommand,
];

/** The program `generatorset` with all its commands. */
export function createProgram(context: CommandContext): Command {
  const { stdout, stderr } = context.streams;
  const program = new Command('generatorset')
    .description('keeps Kubernetes manifests true: queries become safe, reviewed Git commits')
    .version(context.version, '--version', 'print the version')
    .showHelpAfterError('(--help lists what there is)')
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) });
  for (const addCommand of COMMANDS) addCommand(program, context);
  return program;
}
