import { readdir, readlink, realpath } from 'node:fs/promises';

const MAX_ROUNDS = 5;

/**
 * Ends what still runs in a folder that is one command's own: git does not end its transport programs when it is
 * stopped itself. Where there is no /proc they end by git's own limit for a silent connection.
 */
export async function endProcesses(folder: string): Promise<void> {
  const place = await realpath(folder);
  // One that was just starting another may have been seen before that other.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = await processesIn(place);
    if (found.length === 0) return;
    for (const id of found) kill(id);
  }
}

async function processesIn(place: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const ids = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const places = await Promise.all(ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => undefined)));
  return ids.filter((_, index) => places[index] === place).map(Number);
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
