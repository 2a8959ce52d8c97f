import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { defaultNamespace, parseNamespace } from './cluster-options.ts';
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

/** What a person has approved. */
export interface ApproveOptions {
  /** Digests of held plans and of held changes. */
  readonly approve?: readonly string[];
}

/** What commands take that also work on the sets of a cluster. */
export const SET_PLACES =
  'files or folders with GeneratorSets; - is stdin; gset/NAME is the one of this name in the cluster';

/** Adds the options of every command that runs generators. */
export function addSetOptions(command: Command, context: CommandContext): Command {
  return addNamespaceOption(command, context)
    .option('--replay <dir>', 'answer requests from recorded files instead of asking anybody', parseGiven)
    .option('--record <dir>', 'write every answer into this folder, for --replay', parseGiven)
    .option(
      '--objects <dir>',
      'take Secrets, ConfigMaps and other objects from the YAML files in this folder',
      parseGiven,
    )
    .option('-v, --verbose', 'say more on stderr');
}

/** Adds the namespace of sets that name none, which must be one. */
export function addNamespaceOption(command: Command, context: Pick<CommandContext, 'env'>): Command {
  const description = 'namespace of sets that name none';
  return command.option('-n, --namespace <name>', description, parseNamespace, defaultNamespace(context));
}

/** Adds the options that give a target to sets that have none. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('--git-url <url>', 'repository for sets without a target', parseGiven)
    .option('--branch <name>', 'branch of --git-url (default: main)', parseGiven)
    .option('--path <path>', 'folder in the repository of --git-url (default: its root)')
    .option('--directory <dir>', 'directory for sets without a target', parseGiven);
}

/** Adds `--approve`, which may be given several times, and may hold several digests. */
export function addApproveOption(command: Command, description: string): Command {
  return command.option('--approve <digest>', `${description}; may be repeated`, addDigests);
}

/** A variable of a shell that is not set must not stand for what happens without the option. */
function parseGiven(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It is empty.');
}

/** A digest that was cut off on its way would never fit, and nobody would know why. */
function addDigests(text: string, given: readonly string[] = []): readonly string[] {
  const digests = text.split(/[\s,]+/).filter((digest) => digest !== '');
  const wrong = digests.find((digest) => !/^sha256:[0-9a-f]{64}$/.test(digest));
  if (digests.length > 0 && wrong === undefined) return [...given, ...digests];
  throw new InvalidArgumentError(
    'write the whole digest as `plan` prints it: sha256: and 64 hexadecimal digits',
  );
}

/**
 * `${XDG_CACHE_HOME:-~/.cache}/generatorset`: bare repositories and last runs. Losing it costs a fetch. A path that is
 * not absolute counts for nothing. Source: https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(env: CommandContext['env']): string {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = env;
  if (isAbsolute(cache)) return join(cache, 'generatorset');
  return join(isAbsolute(home) ? home : findHome(), '.cache', 'generatorset');
}

/** A user without a name has no home; most commands need none. */
function findHome(): string {
  try {
    return homedir();
  } catch {
    return '/nonexistent';
  }
}
