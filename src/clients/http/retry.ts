import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer } from '../../api/readers.ts';
import { backoff } from '../../lib/backoff.ts';
import { formatDuration } from '../../lib/duration.ts';

const MAX_TRIES = 3;
/** Milliseconds of the first pause and of the longest. */
const PAUSES = { min: 250, max: 2000 };
// Overload and gateways' troubles pass; 501 and 505 do not.
const RETRIED = new Set([429, 500, 502, 503, 504]);

/** Time and chance, handed in so that tests own them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  random(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};

/** What is looked at of an answer, whatever form its body has. */
type AnswerHead = Pick<HttpAnswer, 'status' | 'headers'>;

interface RetryOptions {
  readonly clock: Clock;
  /** Milliseconds for all tries together. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Whether the failure may pass. */
  isTransient(error: unknown): boolean;
}

/**
 * Tries up to 3 times while the answer is 429 or a 5xx that passes, or the connection fails. Gives the last
 * answer or throws the last failure; a Retry-After that is longer than the time left ends it at once.
 */
export async function retry<Answer extends AnswerHead>(
  attempt: () => Promise<Answer>,
  options: RetryOptions,
): Promise<Answer> {
  const { clock, signal } = options;
  const end = clock.now() + options.timeout;
  for (let tries = 1; ; tries++) {
    const outcome = await settle(attempt, options);
    if (!mayRetry(outcome) || tries === MAX_TRIES) return unwrap(outcome);
    const asked = 'answer' in outcome ? retryAfter(outcome.answer, clock.now()) : undefined;
    const pause = Math.max(asked ?? 0, backoff(tries, clock.random, PAUSES));
    const left = end - clock.now();
    if (asked !== undefined && asked > left) throw waitsTooLong(outcome, { asked, left });
    if (pause >= left) return unwrap(outcome);
    await clock.sleep(pause, signal);
  }
}

/** Milliseconds that a Retry-After header asks for, as seconds or as an HTTP date (RFC 9110, 10.2.3). */
export function retryAfter(answer: AnswerHead, now: number): number | undefined {
  const value = answer.headers['retry-after']?.trim() ?? '';
  if (/^\d{1,15}$/.test(value)) return Number(value) * 1000;
  if (!/^[A-Z][a-z]{2,8}, .{15,} GMT$/.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** What one try came to: an answer of any status, or a failure that may pass. */
type Outcome<Answer> = { answer: Answer } | { error: unknown };

/** Failures that cannot pass, and all failures after an abort, are thrown on. */
async function settle<Answer>(
  attempt: () => Promise<Answer>,
  options: RetryOptions,
): Promise<Outcome<Answer>> {
  try {
    return { answer: await attempt() };
  } catch (error) {
    if (options.signal.aborted || !options.isTransient(error)) throw error;
    return { error };
  }
}

function mayRetry(outcome: Outcome<AnswerHead>): boolean {
  return 'error' in outcome || RETRIED.has(outcome.answer.status);
}

function unwrap<Answer>(outcome: Outcome<Answer>): Answer {
  if ('error' in outcome) throw outcome.error;
  return outcome.answer;
}

function waitsTooLong(
  outcome: Outcome<AnswerHead>,
  { asked, left }: { asked: number; left: number },
): RetryAfterError {
  const status = 'answer' in outcome ? outcome.answer.status : 0;
  const remaining = formatDuration(Math.max(0, Math.round(left)));
  return new RetryAfterError(
    `answered ${status} and asks to wait ${formatDuration(asked)}, longer than the ${remaining} left of the timeout`,
    asked,
  );
}

/** The server asks for more patience than the request has. */
export class RetryAfterError extends Error {
  /** Milliseconds that the server asks for. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}
