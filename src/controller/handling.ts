import type { ControllerParts } from './controller-parts.ts';
import type { SetRuntime } from './set-runtime.ts';
import type { StoredSet } from './stored-set.ts';

/** One set in the hands of a worker. */
export interface Handling {
  readonly stored: StoredSet;
  readonly runtime: SetRuntime;
  readonly parts: ControllerParts;
  readonly signal: AbortSignal;
}

/** What became of it, and when its key comes again. */
export interface Verdict {
  readonly result: 'success' | 'error' | 'requeue_after';
  /** Milliseconds until the key comes again by time; absent: only a change brings it. */
  readonly after?: number;
  /** Whether it comes again with backoff. */
  readonly retry?: boolean;
  /** Whether anything was done; false when nothing was due. */
  readonly ran: boolean;
}
