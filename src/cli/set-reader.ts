import { pathToFileURL } from 'node:url';
import { generatorChecks } from '../api/check-generators.ts';
import { DEFAULT_BRANCH } from '../api/defaults.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { TemplateLibrary } from '../api/ready-template.ts';
import { createSetValidator, type ValidateSet } from '../api/validate-set.ts';
import { readSetFiles } from '../clients/files/read-set-files.ts';
import { createTemplateLibrary } from '../clients/files/template-library.ts';
import type { Logger } from '../lib/logger.ts';
import type { CommandContext } from './command-context.ts';
import type { TargetOptions } from './set-options.ts';

/** What a reader of sets needs of the command line. */
interface SetReaderOptions {
  readonly namespace: string;
  readonly target: TargetOptions;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Told of each set that cannot be used, and of each file that cannot be read. */
  onError(error: Error): void;
}

/** Reads the usable sets of files and folders, checked, with their defaults and the command line's target. */
export type SetReader = (paths: readonly string[], onError?: (error: Error) => void) => Promise<LoadedSet[]>;

/** Creates the reader; the schema is compiled once. */
export function createSetReader(context: CommandContext, options: SetReaderOptions): SetReader {
  const validate = createValidator(context, { namespace: options.namespace });
  const { log, signal } = options;
  return async (paths, onError = options.onError) => {
    const { sets, errors } = await readSetFiles(paths, {
      validate,
      log,
      signal,
      stdin: context.streams.stdin,
    });
    for (const error of errors) onError(error);
    return sets.map((loaded) => giveTarget(loaded, options.target));
  };
}

/** Validates sets of this program's generators; ready-made templates are its own, unless others are named. */
export function createValidator(
  { generators }: Pick<CommandContext, 'generators'>,
  { namespace, library = createTemplateLibrary() }: { namespace: string; library?: TemplateLibrary },
): ValidateSet {
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  return createSetValidator(schemas, { namespace, library, checks: generatorChecks(generators) });
}

/** A set without a target gets the one that the options name; a set that has one keeps it. */
function giveTarget(loaded: LoadedSet, options: TargetOptions): LoadedSet {
  const { set } = loaded;
  if (set.spec.target) return loaded;
  const target = targetOf(options);
  return target ? { ...loaded, set: { ...set, spec: { ...set.spec, target } } } : loaded;
}

function targetOf({ gitUrl, branch, path, directory }: TargetOptions): LoadedSet['set']['spec']['target'] {
  if (gitUrl !== undefined && directory !== undefined)
    throw new Error('give --git-url or --directory, not both');
  if (gitUrl === undefined && (branch ?? path) !== undefined)
    throw new Error('--branch and --path need --git-url');
  if (gitUrl !== undefined)
    return { git: { url: repositoryUrl(gitUrl), branch: branch ?? DEFAULT_BRANCH, path: path ?? '.' } };
  return directory === undefined ? undefined : { directory: { path: directory } };
}

/** A path from here, such as `./fleet.git`, is as good as a URL on one's own machine; spaces and all. */
function repositoryUrl(url: string): string {
  return /^\.{0,2}\//.test(url) ? pathToFileURL(url).href : url;
}
