/** The three durations of an election, in milliseconds, with client-go's names. */
export interface LeaseTiming {
  /** How long a candidate waits, after the last change of the Lease that it saw, before it takes over. */
  readonly leaseDuration: number;
  /** How long the leader may go on after the start of its last successful renewal. */
  readonly renewDeadline: number;
  /** Between two renewals of the leader; candidates look after this time and up to 1.2 times it more. */
  readonly retryPeriod: number;
}

/** Flux's defaults. */
export const LEASE_TIMING: LeaseTiming = { leaseDuration: 35_000, renewDeadline: 30_000, retryPeriod: 5000 };

/** client-go spreads candidates by this much, so that they do not all ask at once. */
export const JITTER_FACTOR = 1.2;

/** Milliseconds. */
const MAX_REQUEST_TIMEOUT = 3000;

/**
 * Throws a RangeError unless leaseDuration > renewDeadline > retryPeriod x 1.2, which is client-go's rule: what lies
 * between the first two is all the time that a write may still be under way when the leadership has ended.
 */
export function checkLeaseTiming({ leaseDuration, renewDeadline, retryPeriod }: LeaseTiming): void {
  if (!(retryPeriod > 0))
    throw new RangeError('the retry period of the leader election must be longer than 0s');
  if (!(renewDeadline > retryPeriod * JITTER_FACTOR))
    throw new RangeError(
      `the renew deadline of the leader election must be longer than ${JITTER_FACTOR} times its retry period`,
    );
  if (!(leaseDuration > renewDeadline))
    throw new RangeError('the lease duration of the leader election must be longer than its renew deadline');
}

/** Milliseconds for one request of the leader: always less than the retry period, so that one renewal can fail. */
export function renewTimeout({ retryPeriod }: LeaseTiming): number {
  return Math.min(MAX_REQUEST_TIMEOUT, retryPeriod * 0.8);
}

/** Milliseconds for one request of a candidate, which has more time: a slow server must get a leader, too. */
export function acquireTimeout({ renewDeadline }: LeaseTiming): number {
  return Math.min(MAX_REQUEST_TIMEOUT, renewDeadline / 2);
}
