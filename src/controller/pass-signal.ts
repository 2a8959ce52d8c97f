import type { Step } from '../reconcile/world.ts';

/** The set of a pass is being deleted, or is another one by now: nothing more is done for it. */
export class SetLeftError extends Error {
  constructor() {
    super('the set is being deleted: its pass is dropped');
    this.name = 'SetLeftError';
  }
}

/** When a pass must end. */
export interface PassSignal {
  readonly signal: AbortSignal;
  /** Tells that a step begins. Throws a SetLeftError where the set has left. */
  onStep(step: Step): void;
  /** Lets go of the signals that it follows. */
  release(): void;
}

/**
 * A signal that aborts with `signal`, and with `leaving` too, except while something is delivered: a request that is
 * cut off may still be carried out, after whatever follows has looked for its object in vain.
 */
export function createPassSignal(signal: AbortSignal, leaving: AbortSignal): PassSignal {
  const left = new AbortController();
  let isDelivering = false;
  const leave = (): void => {
    if (!isDelivering) left.abort(new SetLeftError());
  };
  if (leaving.aborted) leave();
  leaving.addEventListener('abort', leave);
  return {
    signal: AbortSignal.any([signal, left.signal]),
    onStep(step) {
      if (leaving.aborted) throw new SetLeftError();
      isDelivering = step === 'deliver';
    },
    release: () => leaving.removeEventListener('abort', leave),
  };
}
