import type { LoadedSet } from '../api/read-sets.ts';
import type { Outcome } from './reconcile.ts';
import { reconcileAll, type SetResult } from './reconcile-all.ts';
import type { Schedule } from './schedule.ts';

/** How long an edit of a file may go unseen, in milliseconds. */
const REREAD_DELAY = 10_000;

export interface LoopOptions {
  readonly schedule: Schedule;
  /** The sets as their files are now; rejects when a file is broken. */
  readSets(): Promise<readonly LoadedSet[]>;
  reconcileSet(loaded: LoadedSet, pass: ReturnType<Schedule['pass']>): Promise<Outcome>;
  report(result: SetResult): void;
  reportError(error: Error): void;
  /** Resolves after so many milliseconds, or at once when the loop is asked to stop. */
  sleep(milliseconds: number): Promise<void>;
  /** Aborted: the pass under way is finished, and no other begins. */
  readonly stop: AbortSignal;
}

/** The standalone controller: reads the files, runs the sets that are due, sleeps, until it is asked to stop. */
export async function runLoop(options: LoopOptions): Promise<void> {
  while (!options.stop.aborted) {
    await runPass(options).catch(options.reportError);
    await options.sleep(Math.min(REREAD_DELAY, options.schedule.untilNext()));
  }
}

/** Files that cannot be read leave every set as it is until they can. */
async function runPass({ schedule, readSets, reconcileSet, report }: LoopOptions): Promise<void> {
  const due = await schedule.due(await readSets());
  const results = await reconcileAll(due, (loaded) => reconcileSet(loaded, schedule.pass(loaded)), report);
  for (const { loaded, error } of results) await schedule.finish(loaded, error);
}
