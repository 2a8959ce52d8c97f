import { simpleGit } from 'simple-git';
import { type FolderGrowth, hasGrownTooMuch, watchGrowth } from './watch-growth.ts';

/** One git process: typed words, what it reads, and its bounds. */
interface GitCommand {
  /** User text stands behind `--end-of-options` or `--`, or inside one checked word. */
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** The working folder: never one that git would take a repository from. */
  readonly folder: string;
  readonly input?: Buffer;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes that it may write, errors included. */
  readonly maxOutput: number;
  /** Where it writes files, where those are bounded too. */
  readonly growth?: FolderGrowth;
}

/** What a git process answered; an exit code other than 0 is not an error here. */
export interface GitResult {
  /** Null when a signal ended it, negative when it did not start. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Git took longer than it may. */
export class GitTimeoutError extends Error {
  override readonly name = 'GitTimeoutError';
}

/** Git wrote more than it may. */
export class GitOutputError extends Error {
  override readonly name = 'GitOutputError';
}

/** What the guards of simple-git let through: only what `environment.ts` sets itself. */
const ALLOWED_ENVIRONMENT = [
  'GIT_ALLOC_LIMIT',
  'GIT_ALLOW_PROTOCOL',
  'GIT_ATTR_NOSYSTEM',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'GIT_LITERAL_PATHSPECS',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_PROTOCOL_FROM_USER',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_TERMINAL_PROMPT',
];

/**
 * Runs git and gives what it wrote. Rejects when the signal aborts (with its reason), on the timeout and on
 * too much output; the process is ended then.
 */
export async function runGit(command: GitCommand, signal: AbortSignal): Promise<GitResult> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const end = (reason: unknown): void => stop.abort(reason);
  const onAbort = (): void => end(signal.reason);
  const name = command.args[0];
  const late = (): void =>
    end(new GitTimeoutError(`git ${name} took longer than ${command.timeout / 1000} s`));
  const timer = setTimeout(late, command.timeout);
  const { growth } = command;
  const watch = growth && watchGrowth(growth, () => end(tooMuch(growth)));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    // A child of git may hold its pipes open for a while after git is gone; the caller does not wait for that.
    const result = await Promise.race([startGit(command, stop), rejectOnAbort(stop.signal)]);
    if (growth && (await hasGrownTooMuch(growth))) throw tooMuch(growth);
    return result;
  } finally {
    clearTimeout(timer);
    watch?.end();
    signal.removeEventListener('abort', onAbort);
  }
}

function tooMuch({ maxBytes }: FolderGrowth): GitOutputError {
  return new GitOutputError(
    `git has fetched more than ${maxBytes / 1024 / 1024} MiB; the repository is too large`,
  );
}

/** Runs the process through simple-git, with its guards open for our own settings only. */
async function startGit(command: GitCommand, stop: AbortController): Promise<GitResult> {
  let result: GitResult = { exitCode: -1, stdout: Buffer.alloc(0), stderr: '' };
  const git = simpleGit({
    baseDir: command.folder,
    abort: stop.signal,
    completion: { onClose: true, onExit: false },
    allowEnvironment: [...ALLOWED_ENVIRONMENT, ...configNames(command.env)],
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeSshCommand: true,
    },
    input: () => command.input,
    errors: (_, { exitCode, stdOut, stdErr }) => {
      result = { exitCode, stdout: Buffer.concat(stdOut), stderr: Buffer.concat(stdErr).toString('utf8') };
      return undefined;
    },
  });
  git.outputHandler((_, stdout, stderr) => watchOutput(stdout, stderr, command, stop));
  await git.env({ ...command.env }).raw([...command.args]);
  stop.signal.throwIfAborted();
  return result;
}

/** Counts what comes, and stops a process that writes without end. */
function watchOutput(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
  { args, maxOutput }: GitCommand,
  stop: AbortController,
): void {
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxOutput)
      stop.abort(new GitOutputError(`git ${args[0]} wrote more than ${maxOutput} bytes`));
  };
  stdout.on('data', count);
  stderr.on('data', count);
  // simple-git waits 50 ms more for a process that wrote nothing at all; an empty chunk spares that.
  queueMicrotask(() => stdout.emit('data', Buffer.alloc(0)));
}

function configNames(env: Readonly<Record<string, string>>): string[] {
  return Object.keys(env).filter((name) => /^GIT_CONFIG_(KEY|VALUE)_\d+$/.test(name));
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
