import type { GitOptions } from '../../src/clients/git/git-repository.ts';
import { silentLogger } from '../../src/lib/logger.ts';

/** Options of the git client for a test, and the commands that talked to a remote. */
export function recordingOptions(
  cacheFolder: string,
): GitOptions & { commands: string[]; warnings: string[] } {
  const commands: string[] = [];
  const warnings: string[] = [];
  return {
    cacheFolder,
    allowFile: true,
    log: { ...silentLogger, warn: (message) => warnings.push(message) },
    onCommand: (command) => commands.push(command),
    commands,
    warnings,
  };
}
