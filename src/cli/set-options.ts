import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_NAMESPACE } from '../api/defaults.ts';
import type { CommandContext } from './command-context.ts';

/** The options of every command that runs generators. */
export interface SetOptions {
  readonly namespace: string;
  readonly replay?: string;
  readonly record?: string;
  readonly objects?: string;
  readonly verbose?: boolean;
}

/** Where sets without a target are delivered. */
export interface TargetOptions {
  readonly gitUrl?: string;
  readonly branch?: string;
  readonly path?: string;
  readonly directory?: string;
}

/** Adds the options of every command that runs generators. */
export function addSetOptions(command: Command, { env }: CommandContext): Command {
  return command
    .option(
      '-n, --namespace <name>',
      'namespace of sets that name none',
      env['FLUX_SYSTEM_NAMESPACE'] || DEFAULT_NAMESPACE,
    )
    .option('--replay <dir>', 'answer requests from recorded files instead of asking anybody')
    .option('--record <dir>', 'write every answer into this folder, for --replay')
    .option(
      '--objects <dir>',
      'take Secrets, ConfigMaps and other objects from the YAML files in this folder',
    )
    .option('-v, --verbose', 'say more on stderr');
}

/** Adds the options that give a target to sets that have none. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('--git-url <url>', 'repository for sets without a target')
    .option('--branch <name>', 'branch of --git-url (default: main)')
    .option('--path <path>', 'folder in the repository of --git-url (default: its root)')
    .option('--directory <dir>', 'directory for sets without a target');
}

/** `${XDG_CACHE_HOME:-~/.cache}/generatorset`: bare repositories and last runs. Losing it costs a fetch. */
export function cacheFolder(env: CommandContext['env']): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'generatorset');
}
