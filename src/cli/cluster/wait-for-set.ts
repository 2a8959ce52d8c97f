import { setTimeout as delay } from 'node:timers/promises';
import { backoff } from '../../lib/backoff.ts';
import { OverdueError } from '../cluster-session.ts';
import { type SetView, viewSet } from './set-view.ts';
import { type Asking, readSet, type SetName } from './stored-sets.ts';

/** Milliseconds between two looks, at first and later; Flux looks every 2 s. */
const PAUSES = { min: 250, max: 2000 };

/** What is waited for. */
interface Awaited {
  readonly name: SetName;
  /** Of the set when the wait began: another one of its name is not waited for. */
  readonly uid: string;
  /** Whether it has come to what is waited for. */
  isReached(view: SetView): boolean;
  /** What to say when the time is over. */
  overdue(view: SetView): string;
}

/** Reads a set again and again until it is as awaited. Throws when it is gone, suspended, or the time is over. */
export async function waitForSet(
  asking: Asking,
  { name, uid, isReached, overdue }: Awaited,
): Promise<SetView> {
  const { signal } = asking;
  let view: SetView | undefined;
  for (let looks = 1; ; looks++) {
    try {
      view = viewSet(await readSet(asking, name));
      if (view.metadata.uid === uid && isReached(view)) return view;
      checkGoesOn(view, uid);
      await delay(
        backoff(looks, () => 0, PAUSES),
        undefined,
        { signal },
      );
    } catch (error) {
      if (view && signal.aborted) throw new OverdueError(overdue(view), { cause: error });
      throw error;
    }
  }
}

function checkGoesOn({ metadata, isSuspended }: SetView, uid: string): void {
  const what = `GeneratorSet ${metadata.name}`;
  if (metadata.uid !== uid) throw new Error(`${what} was deleted and made again meanwhile; ask again`);
  if (metadata.isDeleting) throw new Error(`${what} is being deleted`);
  if (isSuspended) throw new Error(`${what} was suspended meanwhile`);
}
