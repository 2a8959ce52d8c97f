import { DEFAULT_BRANCH } from '../api/defaults.ts';
import type { SetOptions, TargetOptions } from './set-options.ts';

/** What a command was given, so that the next one can be given the same. */
export interface Invocation {
  readonly paths: readonly string[];
  readonly options: SetOptions & TargetOptions;
  /** The namespace of sets that name none, where `--namespace` is not given. */
  readonly defaultNamespace: string;
}

/** The command that delivers a plan, or shows one: the same sets, answers and target as this one was given, for a shell. */
export function runCommand(
  { paths, options, defaultNamespace }: Invocation,
  approved: readonly string[],
  command: 'run --once' | 'plan' = 'run --once',
): string {
  const { namespace, branch } = options;
  const words = [
    ...approved.flatMap((digest) => ['--approve', digest]),
    ...flag('--namespace', namespace === defaultNamespace ? undefined : namespace),
    ...flag('--objects', options.objects),
    ...flag('--replay', options.replay),
    ...flag('--git-url', options.gitUrl),
    ...flag('--branch', branch === DEFAULT_BRANCH ? undefined : branch),
    ...flag('--path', options.path),
    ...flag('--directory', options.directory),
    ...(paths.some((path) => /^-./.test(path)) ? ['--'] : []),
    ...paths,
  ];
  return ['generatorset', command, ...words.map(quoteWord)].join(' ');
}

function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

/** A word as a POSIX shell takes it for itself. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
