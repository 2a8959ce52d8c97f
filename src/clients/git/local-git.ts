import { baseEnvironment } from './environment.ts';
import { describeFailure } from './git-error.ts';
import { runGit } from './run-git.ts';

const LOCAL_TIMEOUT = 120_000;
const DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;

/** A repository of the cache is not what it should be: it is thrown away and fetched again. */
export class BrokenCacheError extends Error {
  override readonly name = 'BrokenCacheError';
}

/** A bare repository of the cache, and where git may run. */
export interface LocalRepository {
  readonly gitDir: string;
  readonly folder: string;
}

/**
 * Runs a git command that touches the cache only, and gives what it printed. All its words are ours or checked,
 * so a failure means that the cache is broken.
 */
export async function runLocal(
  { gitDir, folder }: LocalRepository,
  args: readonly string[],
  {
    signal,
    env = {},
    ...options
  }: { signal: AbortSignal; env?: Record<string, string>; input?: Buffer; maxOutput?: number },
): Promise<Buffer> {
  const command = { args, folder, env: { ...baseEnvironment(gitDir), ...env }, timeout: LOCAL_TIMEOUT };
  const result = await runGit({ maxOutput: DEFAULT_MAX_OUTPUT, ...command, ...options }, signal);
  if (result.exitCode === 0) return result.stdout;
  const failure = describeFailure(`run git ${args[0]} on the cache`, result);
  if (result.exitCode !== null && result.exitCode < 0) throw failure;
  throw new BrokenCacheError(failure.message);
}
