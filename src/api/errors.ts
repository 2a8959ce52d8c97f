/** Nothing but a change to the spec can help: the set stalls and is not retried. */
export class StalledError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StalledError';
    this.reason = reason;
  }
}

/** Something else must happen first: the set is tried again after a known delay, without backoff. */
export class WaitingError extends Error {
  readonly reason: string;
  /** Milliseconds until the next try. */
  readonly retryAfter: number;

  constructor(reason: string, retryAfter: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WaitingError';
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/** Several things are wrong at once; the message has one line for each. */
export class ErrorList extends StalledError {
  readonly errors: readonly Error[];

  constructor(reason: string, errors: readonly Error[]) {
    super(reason, errors.map((error) => error.message).join('\n'), { cause: errors[0] });
    this.name = 'ErrorList';
    this.errors = errors;
  }
}
