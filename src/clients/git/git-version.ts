import { tmpdir } from 'node:os';
import { baseEnvironment } from './environment.ts';
import { runGit } from './run-git.ts';

/**
 * The oldest git that is used, Debian 12's. Before 2.37 it knows nothing of `http.curloptResolve` and before 2.31
 * nothing of settings in its environment, and leaves them out without a word: credentials, and the addresses that a
 * repository is kept to. Source: https://github.com/git/git/tree/master/Documentation/RelNotes
 */
export const OLDEST_GIT = '2.39';

const TIMEOUT = 10_000;
const MAX_OUTPUT = 4096;

/** Values of PATH whose git was found to be new enough, so that each is asked once. */
const accepted = new Set<string>();

/** The version of the git on PATH, such as `2.39.5`; undefined where there is none, or it does not say. */
export async function readGitVersion(signal: AbortSignal): Promise<string | undefined> {
  const folder = tmpdir();
  const bounds = { timeout: TIMEOUT, maxOutput: MAX_OUTPUT };
  const { stdout } = await runGit(
    { args: ['version'], env: baseEnvironment('/nonexistent'), folder, ...bounds },
    signal,
  );
  return /^git version (\d+\.\d+(?:\.\d+)*)/.exec(stdout.toString('latin1'))?.[1];
}

/** Whether a version is older than the oldest that is used. */
export function isOldGit(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_GIT.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/**
 * Throws where the git on PATH is too old to be trusted with a secret. That there is none, or that it can't be told,
 * is for the command to find out that needs it.
 */
export async function requireGit(signal: AbortSignal): Promise<void> {
  const path = process.env['PATH'] ?? '';
  if (accepted.has(path)) return;
  const version = await readGitVersion(signal);
  if (version !== undefined && isOldGit(version))
    throw new Error(`git ${version} is too old: install git ${OLDEST_GIT} or later`);
  accepted.add(path);
}
