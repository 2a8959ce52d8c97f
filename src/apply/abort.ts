import { NotLeaderError } from '../clients/cluster/cluster-client.ts';

/** Whether an error ends the whole pass: it was aborted, or this process may not write any more. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || error instanceof NotLeaderError;
}
