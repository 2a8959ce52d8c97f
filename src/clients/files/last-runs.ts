import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Remembers, beyond the process, when each set ran last. Losing it costs one query a set. */
export interface LastRuns {
  /** Milliseconds of the epoch, of the last good pass over exactly this set. */
  read(set: string, digest: string): Promise<number | undefined>;
  write(set: string, digest: string, at: number): Promise<void>;
}

/** Keeps last runs as one small file a set in the cache folder; what cannot be read never happened. */
export function createLastRuns(folder: string): LastRuns {
  const fileOf = (set: string): string =>
    join(folder, `${createHash('sha256').update(set).digest('hex')}.json`);
  return {
    async read(set, digest) {
      try {
        const run = JSON.parse(await readFile(fileOf(set), 'utf8')) as { digest?: unknown; at?: unknown };
        return run.digest === digest && typeof run.at === 'number' ? run.at : undefined;
      } catch {
        return undefined;
      }
    },
    async write(set, digest, at) {
      await mkdir(folder, { recursive: true });
      const temporary = `${fileOf(set)}.${process.pid}`;
      await writeFile(temporary, JSON.stringify({ digest, at }));
      await rename(temporary, fileOf(set));
    },
  };
}
