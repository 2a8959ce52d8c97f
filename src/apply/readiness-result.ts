/** Whether an object does what its spec says; `failed` means that it will not by itself. */
export interface Readiness {
  readonly state: 'ready' | 'waiting' | 'failed';
  /** Why it is not ready, on one line. */
  readonly message: string;
}

/** The object does what its spec says. */
export const READY: Readiness = { state: 'ready', message: '' };

/** The object is on its way. */
export function waiting(message: string): Readiness {
  return { state: 'waiting', message };
}

/** Only a change of the object, or of the cluster, helps. */
export function failed(message: string): Readiness {
  return { state: 'failed', message };
}
