import { STATUS_CODES } from 'node:http';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../../lib/json.ts';
import type { ApiRequest } from './cluster-client.ts';
import { describePath, parsePath } from './paths.ts';

/** Characters of the server's own words that a message shows. */
const MAX_MESSAGE = 1000;

/** What an ApiError is made of. */
interface ApiErrorParts {
  readonly status: number;
  readonly reason: string;
  readonly details?: JsonObject;
  readonly retryAfter?: number;
}

/** The API server's refusal, from its `Status` object. */
export class ApiError extends Error {
  /** The HTTP status; the `code` of an ERROR event of a watch. */
  readonly status: number;
  /** The machine's word, such as `NotFound`; empty where the server, or something before it, gave none. */
  readonly reason: string;
  /** Such as the causes of a conflict: `causes: [{reason, message, field}]`. */
  readonly details?: JsonObject;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter?: number;

  constructor(
    message: string,
    { status, reason, details, retryAfter }: ApiErrorParts,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
    if (details) this.details = details;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

/** Which statuses and reasons mean what: https://kubernetes.io/docs/reference/using-api/api-concepts */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** Somebody else wrote meanwhile, or owns a field. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409;
}

/** The identity lacks a right, or an admission plugin refuses. */
export function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 403;
}

/** A resourceVersion or a page's token is too old: list again. */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 410 || error.reason === 'Expired');
}

/** The object itself is not acceptable. */
export function isInvalid(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 422;
}

/** An answer that is a refusal. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The error of a refused request: what was asked, and the server's own words where they are a `Status`. */
export function refusalError(request: ApiRequest, refusal: Refusal): ApiError {
  const { status, headers } = refusal;
  const object = parseStatus(refusal);
  const quotesValues = isAboutSecretValue(request, status);
  const reason = textOf(object, 'reason');
  const details = quotesValues ? undefined : object && ownValue(object, 'details');
  const retryAfter = readRetryAfter(headers) ?? (object && retryAfterOf(object));
  const plain = reason || `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const words = quotesValues
    ? `${plain} (what the server says of a Secret is not shown)`
    : textOf(object, 'message') || plain;
  const remedy = status === 401 ? ': the API server does not accept this token or certificate' : '';
  return new ApiError(`${describeRequest(request)}: ${escapeText(words)}${remedy}`, {
    status,
    reason,
    ...(isObject(details) && { details }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** The error that a `Status` object means, as it also comes in a watch; undefined for any other object. */
export function statusError(what: string, object: JsonObject): ApiError | undefined {
  if (ownValue(object, 'kind') !== 'Status') return undefined;
  const code = ownValue(object, 'code');
  const details = ownValue(object, 'details');
  const retryAfter = retryAfterOf(object);
  const words = textOf(object, 'message') || textOf(object, 'reason') || 'an error without words';
  return new ApiError(`${what}: ${escapeText(words)}`, {
    status: typeof code === 'number' ? code : 0,
    reason: textOf(object, 'reason'),
    ...(isObject(details) && { details }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** A request as messages begin with it: `patch configmaps default/a`. */
export function describeRequest({ method, path, query }: ApiRequest): string {
  return escapeText(`${verbOf(method, path, query)} ${describePath(path)}`);
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb */
function verbOf(method: ApiRequest['method'], path: string, query: ApiRequest['query']): string {
  if (query?.['watch'] !== undefined) return 'watch';
  const named = parsePath(path);
  return method === 'GET' && named && named.name === undefined ? 'list' : VERBS[method];
}

const VERBS = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Text of others on one line, bounded, with control characters as escapes. */
function escapeText(text: string): string {
  const cut = text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}...` : text;
  // biome-ignore format: one class of characters
  return cut.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (it) =>
    it === '\n' ? '\\n' : `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The server quotes what is malformed, and of a Secret that is what nobody may read. */
function isAboutSecretValue({ path, method }: ApiRequest, status: number): boolean {
  return method !== 'GET' && parsePath(path)?.plural === 'secrets' && [400, 422, 500].includes(status);
}

function parseStatus({ body, headers }: Refusal): JsonObject | undefined {
  if (!String(headers['content-type'] ?? '').startsWith('application/json')) return undefined;
  try {
    const value = JSON.parse(body) as JsonValue;
    return isObject(value) && ownValue(value, 'kind') === 'Status' ? value : undefined;
  } catch {
    // Whatever stands between us and the API server answered in its own words.
    return undefined;
  }
}

function textOf(object: JsonObject | undefined, key: string): string {
  const value = object && ownValue(object, key);
  return typeof value === 'string' ? value : '';
}

/** Milliseconds; the API server gives whole seconds, never a date. */
function readRetryAfter(headers: Refusal['headers']): number | undefined {
  const header = String(headers['retry-after'] ?? '').trim();
  return /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}

function retryAfterOf(status: JsonObject): number | undefined {
  const details = ownValue(status, 'details');
  const seconds = isObject(details) ? ownValue(details, 'retryAfterSeconds') : undefined;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;
}
