import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { REPLAY_FOLDER } from './test-case.ts';

/** The names that recordings have; other files of the folder are a person's own. */
const RECORDING = /^\d{3,}-.*\.json$/;

/**
 * Lets an action record answers into a new folder, and puts these in place of the recordings of the case once it has
 * succeeded. Where nothing was asked, or the action fails, the recordings stay as they are.
 */
export async function recordCase<T>(folder: string, action: (into: string) => Promise<T>): Promise<T> {
  const into = await mkdtemp(join(folder, '.recording-'));
  try {
    const result = await action(into);
    const recorded = (await readdir(into)).filter((name) => RECORDING.test(name));
    if (recorded.length > 0) await replace(join(folder, REPLAY_FOLDER), into, recorded);
    return result;
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

async function replace(replay: string, into: string, recorded: readonly string[]): Promise<void> {
  await mkdir(replay, { recursive: true });
  const old = (await readdir(replay)).filter((name) => RECORDING.test(name));
  for (const name of recorded) await rename(join(into, name), join(replay, name));
  for (const name of old.filter((name) => !recorded.includes(name))) await rm(join(replay, name));
}
