import type { LoadedSet } from '../api/read-sets.ts';
import { createLimiter } from '../lib/limiter.ts';
import type { Outcome } from './reconcile.ts';
import { CONCURRENCY, runSet, type SetResult } from './reconcile-all.ts';
import type { Schedule } from './schedule.ts';

/** How long an edit of a file may go unseen, in milliseconds. */
const REREAD_DELAY = 10_000;

interface LoopOptions {
  readonly schedule: Schedule;
  /** The usable sets as their files are now. */
  readSets(): Promise<readonly LoadedSet[]>;
  reconcileSet(loaded: LoadedSet, pass: ReturnType<Schedule['begin']>): Promise<Outcome>;
  report(result: SetResult): void;
  /** Told of what goes wrong beside the sets: files that cannot be read, a last run that cannot be kept. */
  reportError(error: Error): void;
  /** Resolves after so many milliseconds, or at once when the loop is asked to stop or to look again. */
  sleep(milliseconds: number): Promise<void>;
  /** Makes the present sleep end. */
  wake(): void;
  /** Aborted: the passes under way are finished, and no other begins. */
  readonly stop: AbortSignal;
}

/**
 * The standalone controller: reads the files, starts the sets that are due, sleeps, until it is asked to stop.
 * Passes run beside each other and beside the reading, so that a slow source delays nobody else.
 */
export async function runLoop(options: LoopOptions): Promise<void> {
  const { schedule, stop } = options;
  const limit = createLimiter(CONCURRENCY);
  const running = new Set<Promise<void>>();
  while (!stop.aborted) {
    for (const loaded of await findDue(options)) {
      const pass = schedule.begin(loaded);
      const ended = limit(() => runPass(loaded, pass, options)).finally(() => running.delete(ended));
      running.add(ended);
    }
    await options.sleep(Math.min(REREAD_DELAY, schedule.untilNext()));
  }
  await Promise.all(running);
}

/** Files that cannot be read leave every set as it is until they can. */
async function findDue({ schedule, readSets, reportError }: LoopOptions): Promise<LoadedSet[]> {
  try {
    return await schedule.due(await readSets());
  } catch (error) {
    reportError(error as Error);
    return [];
  }
}

async function runPass(
  loaded: LoadedSet,
  pass: ReturnType<Schedule['begin']>,
  { schedule, reconcileSet, report, reportError, stop, wake }: LoopOptions,
): Promise<void> {
  // It stood in line while the loop was asked to stop.
  if (stop.aborted) return;
  const result = await runSet(loaded, (set) => reconcileSet(set, pass));
  report(result);
  await schedule.finish(result).catch(reportError);
  wake();
}
