import { StalledError } from '../api/errors.ts';
import { VALIDATION_FAILED } from '../api/reasons.ts';
import { FORCE_AT, REQUESTED_AT } from '../api/requests.ts';
import { finishPass } from './finish-pass.ts';
import type { Handling, Verdict } from './handling.ts';
import { annotationOf, type InvalidSet } from './load-stored-set.ts';
import { describeFailure } from './to-outcome.ts';

/** Says what is wrong with an object that no pass can use; only a change of it helps. */
export async function reportInvalid({ object, error }: InvalidSet, handling: Handling): Promise<Verdict> {
  const { stored, runtime, parts, signal } = handling;
  if (!runtime.isChanged(stored) && runtime.ended === 'stalled') return { result: 'success', ran: false };
  runtime.begin(stored);
  const begun = parts.clock.monotonic();
  const session = await parts.status.open(object, signal);
  const stalled =
    error instanceof StalledError
      ? error
      : new StalledError(VALIDATION_FAILED, error.message, { cause: error });
  const requestedAt = annotationOf(object, REQUESTED_AT);
  const forceAt = annotationOf(object, FORCE_AT);
  const requests = {
    ...(requestedAt !== undefined && { requestedAt }),
    ...(forceAt !== undefined && { forceAt }),
  };
  await finishPass(
    { ...handling, object, session, requests },
    { outcome: describeFailure(stalled, 'render'), begun },
  );
  runtime.end('stalled');
  return { result: 'success', ran: true };
}
