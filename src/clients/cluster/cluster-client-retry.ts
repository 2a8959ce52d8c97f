import { backoff } from '../../lib/backoff.ts';
import type { ApiRequest } from './cluster-client.ts';

/** Tries of one request, the first included. */
const MAX_TRIES = 3;
/** Milliseconds of the first pause and of the longest. */
const PAUSES = { min: 250, max: 4000 };

/** Overload, and what comes while the server or its storage starts or a balancer loses it. */
const PASSING_STATUSES = new Set([429, 500, 502, 503, 504]);

/** Connections that broke before there was a whole answer. */
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UND_ERR_CLOSED',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** There was no server, or our own connections were just replaced: nothing went over the wire. */
const UNSENT_CODES = new Set(['ECONNREFUSED', 'UND_ERR_CLOSED']);

/** What is known of a try that went wrong. */
export interface FailedTry {
  readonly method: ApiRequest['method'];
  /** Of the answer. */
  readonly status?: number;
  /** Of the connection's failure. */
  readonly code?: string;
  /** Milliseconds that the server asked to wait. */
  readonly retryAfter?: number;
  /** From 1. */
  readonly tries: number;
}

/**
 * Milliseconds until the next try; undefined when there is none. What may have been carried out is never tried again:
 * of writes only those that were refused with 429 or met no server.
 */
export function retryPause(failed: FailedTry, random: () => number): number | undefined {
  const { method, status, code = '', retryAfter = 0, tries } = failed;
  if (tries >= MAX_TRIES) return undefined;
  const mayPass = status === undefined ? PASSING_CODES.has(code) : PASSING_STATUSES.has(status);
  const isHarmless = method === 'GET' || status === 429 || UNSENT_CODES.has(code);
  if (!mayPass || !isHarmless) return undefined;
  return Math.max(retryAfter, backoff(tries, random, PAUSES));
}

/** Whether the server's certificate was not accepted: its authority may have been replaced. */
export function isCertificateCode(code: string): boolean {
  return /CERT|ISSUER|VERIFY|^ERR_(?:TLS|SSL|OSSL)/.test(code);
}

/** The code of a failure of the network; empty for errors of other kinds. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : '';
}
