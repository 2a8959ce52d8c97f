import type { HttpAnswer } from '../../src/api/readers.ts';

/** Milliseconds. A server that asks for more is asked again in between, which costs it one request. */
const WAITS = { min: 1000, unknown: 60_000, max: 3_600_000 };

/**
 * Milliseconds until the server may be asked again, where its answer says that it was asked too often; undefined for
 * every other answer. GitHub says so with 403 too. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function rateLimitWait({ status, headers }: HttpAnswer, present = Date.now()): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  // The server's clock, since it is the server's time that the headers tell.
  const now = dateOf(headers['date']) ?? present;
  const asked = retryAfter(headers['retry-after'], now);
  if (asked !== undefined) return bound(asked);
  const exhausted = (headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']) === '0';
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? '';
  if ((exhausted || status === 429) && /^\d{1,12}$/.test(reset)) return bound(Number(reset) * 1000 - now);
  return exhausted || status === 429 ? WAITS.unknown : undefined;
}

/** Milliseconds that the reader was asked to wait when it gave up, since its own time was shorter. */
export function waitOfError(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const wait = cause instanceof Error && 'retryAfter' in cause ? cause.retryAfter : undefined;
  return typeof wait === 'number' ? bound(wait) : undefined;
}

/** Seconds, or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(text: string | undefined, now: number): number | undefined {
  if (text !== undefined && /^\d{1,12}$/.test(text.trim())) return Number(text) * 1000;
  const date = dateOf(text);
  return date === undefined ? undefined : date - now;
}

function dateOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, .{10,30} GMT$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}

function bound(wait: number): number {
  return Math.min(Math.max(wait, WAITS.min), WAITS.max);
}
