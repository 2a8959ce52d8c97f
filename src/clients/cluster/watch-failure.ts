import { isObject } from '../../lib/json.ts';
import type { ApiError } from './api-error.ts';

/**
 * What a failed list or watch asks for. `expired`: list anew. `rewound`: list anew and believe nothing of the cache,
 * since the server's history is not ours. `forbidden` and `gone` (no such kind): try now and then. All else: soon.
 */
export type FailureKind = 'expired' | 'rewound' | 'forbidden' | 'gone' | 'transient';

export interface WatchFailure {
  readonly kind: FailureKind;
  /** Milliseconds that the server wants to be left alone for. */
  readonly retryAfter?: number;
}

/** The server's history ends before a version that it gave us: it was restored from a backup. */
export class RewoundError extends Error {
  constructor(message = 'the history of the API server ends before what it told us', options?: ErrorOptions) {
    super(message, options);
    this.name = 'RewoundError';
  }
}

/** The cache differs from the server, and no event will come that says why. */
export class MissedEventsError extends Error {
  constructor(count: number) {
    super(`${count} changes were missed`);
    this.name = 'MissedEventsError';
  }
}

/** Reads from an error of a list or a watch what to do next. */
export function classifyFailure(error: unknown): WatchFailure {
  if (error instanceof RewoundError) return { kind: 'rewound' };
  if (error instanceof MissedEventsError) return { kind: 'expired' };
  const { status, reason, retryAfter } = (error ?? {}) as Partial<ApiError>;
  const wait = typeof retryAfter === 'number' && retryAfter > 0 ? { retryAfter } : {};
  if (isTooLarge(error)) return { kind: 'rewound', ...wait };
  if (status === 410 || reason === 'Expired' || reason === 'Gone') return { kind: 'expired', ...wait };
  if (status === 403) return { kind: 'forbidden', ...wait };
  // 405: the kind cannot be watched, or not by this server.
  if (status === 404 || status === 405) return { kind: 'gone', ...wait };
  return { kind: 'transient', ...wait };
}

/** Whether a list or a watch failed since the server does not serve the kind; one that can't be watched it serves. */
export function isNotServed(error: unknown): boolean {
  return ((error ?? {}) as Partial<ApiError>).status === 404;
}

/** The cause ResourceVersionTooLarge, or the words of servers before 1.20 that had no cause for it. */
function isTooLarge(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message.includes('Too large resource version')) return true;
  const causes = (error as Partial<ApiError>).details?.['causes'];
  if (!Array.isArray(causes)) return false;
  return causes.some((cause) => isObject(cause) && cause['reason'] === 'ResourceVersionTooLarge');
}
