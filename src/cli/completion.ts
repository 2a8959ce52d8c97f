import { Argument, type Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { bashScript } from './completion/bash-script.ts';
import { fishScript } from './completion/fish-script.ts';
import { powershellScript } from './completion/powershell-script.ts';
import { zshScript } from './completion/zsh-script.ts';

/** The script of each shell; all call the program as it is named on the command line. */
const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript } as const;

/** The names that the program is installed under: by itself and as a plugin of flux and kubectl. */
const PROGRAMS = ['generatorset', 'flux-generatorset', 'kubectl-generatorset'];

/** `completion`: writes the script with which a shell completes this program's command lines. */
export function addCompletionCommand(program: Command, { streams }: CommandContext): void {
  program
    .command('completion')
    .description('write a script that lets a shell complete command lines')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      `
To load it into the running shell:
  bash        source <(generatorset completion bash)
  zsh         source <(generatorset completion zsh)
  fish        generatorset completion fish | source
  powershell  generatorset completion powershell | Out-String | Invoke-Expression

As a plugin, flux and kubectl complete it with their own scripts. kubectl asks an executable named
kubectl_complete-generatorset on the PATH: a link to this program of that name will do.`,
    )
    .action((shell: keyof typeof SCRIPTS) => {
      streams.stdout.write(SCRIPTS[shell](PROGRAMS));
    });
}
