import { DEFAULT_BRANCH } from '../api/defaults.ts';
import type { LiveOptions } from './live-options.ts';
import type { SetOptions, TargetOptions } from './set-options.ts';

/** What a command was given, so that the next one can be given the same. */
export interface Invocation {
  readonly paths: readonly string[];
  readonly options: SetOptions & TargetOptions & LiveOptions;
  /** The program as it was called. */
  readonly program: string;
  /** The namespace of sets that name none, where `--namespace` is not given. */
  readonly defaultNamespace: string;
}

/** The command that delivers a plan, or shows one: the same sets, answers and target as this one was given, for a shell. */
export function runCommand(
  { paths, options, program, defaultNamespace }: Invocation,
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
    ...(command === 'plan' ? liveFlags(options) : []),
    ...(paths.some((path) => /^-./.test(path)) ? ['--'] : []),
    ...paths,
  ];
  return [program, command, ...words.map(quoteWord)].join(' ');
}

/**
 * The command that lets the controller deliver the plan of a set that it works on, now, with what is approved. It asks
 * the same cluster; a token is not repeated.
 */
export function reconcileCommand(
  { program, options }: Pick<Invocation, 'program' | 'options'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  approved: readonly string[],
): string {
  const digests = approved.length > 0 ? approved.join(',') : undefined;
  const words = [
    name,
    ...flag('--namespace', namespace),
    ...flag('--approve', digests),
    ...clusterFlags(options),
  ];
  return [program, 'reconcile', ...words.map(quoteWord)].join(' ');
}

/** What `plan` needs to look at the same cluster; `run` uses none. */
function liveFlags(options: LiveOptions): string[] {
  const { live, allowLoopback, allowFile } = options;
  return [
    ...(live ? ['--live'] : []),
    ...(allowLoopback ? ['--allow-loopback'] : []),
    ...(allowFile ? ['--allow-file'] : []),
    ...clusterFlags(options),
  ];
}

/** The options that chose the cluster, but for secrets. */
function clusterFlags(options: LiveOptions): string[] {
  const { kubeconfig, context, cluster, user, server, as, asUid, asGroup = [] } = options;
  return [
    ...flag('--kubeconfig', kubeconfig),
    ...flag('--context', context),
    ...flag('--cluster', cluster),
    ...flag('--user', user),
    ...flag('--server', server),
    ...flag('--as', as),
    ...asGroup.flatMap((group) => ['--as-group', group]),
    ...flag('--as-uid', asUid),
  ];
}

function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

/** A word as a POSIX shell takes it for itself. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
