import { finalizeSet } from './finalize-set.ts';
import type { Handling, Verdict } from './handling.ts';
import { loadStoredSet } from './load-stored-set.ts';
import { makePass } from './make-pass.ts';
import { recordRestored } from './record-pass.ts';
import { reportInvalid } from './report-invalid.ts';
import { trackSet } from './track-set.ts';
import { restoreRun, untilDue, untilLook } from './until-due.ts';

const IDLE: Verdict = { result: 'success', ran: false };

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
  if (restoreRun(loaded.set, handling)) {
    recordRestored(loaded.set, handling);
    await trackSet(loaded.set, loaded.object, handling);
  }
  const wait = untilDue(loaded.set, handling);
  if (wait === undefined) return IDLE;
  if (wait > 0) return { ...IDLE, result: 'requeue_after', after: untilLook(loaded.set, wait) };

  return makePass(loaded, handling);
}
