import { finalizeSet } from './finalize-set.ts';
import type { Handling, Verdict } from './handling.ts';
import { loadStoredSet } from './load-stored-set.ts';
import { makePass } from './make-pass.ts';
import { reportInvalid } from './report-invalid.ts';
import { trackSet } from './track-set.ts';
import { restoreRun, untilDue } from './until-due.ts';

const IDLE: Verdict = { result: 'success', ran: false };

/** Milliseconds after which a long wait is looked at again, since clocks jump; with a schedule, by the clock itself. */
const MAX_WAIT = 60 * 60 * 1000;
const MAX_SCHEDULE_WAIT = 60 * 1000;

/** Works on one set: finalizes it, or makes the pass that is due. Level-based: safe to repeat at any time. */
export async function handleSet(handling: Handling): Promise<Verdict> {
  const { stored, runtime, parts } = handling;
  if (stored.deleting) return finalizeSet(handling);

  // Read
  const loaded = loadStoredSet(stored, parts.validate);
  if ('error' in loaded) return reportInvalid(loaded, handling);
  if (loaded.set.spec.suspend) {
    // What it delivered stays as it is, drift included.
    runtime.pause();
    return IDLE;
  }

  // Due?
  if (restoreRun(loaded.set, handling)) await trackSet(loaded.set, loaded.object, handling);
  const wait = untilDue(loaded.set, handling);
  if (wait === undefined) return IDLE;
  if (wait > 0)
    return {
      ...IDLE,
      result: 'requeue_after',
      after: Math.min(wait, loaded.set.spec.schedule ? MAX_SCHEDULE_WAIT : MAX_WAIT),
    };

  return makePass(loaded, handling);
}
