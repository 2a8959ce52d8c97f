import { setTimeout as delay } from 'node:timers/promises';
import { StalledError } from '../../api/errors.ts';
import { LABEL_PATTERN, NAME_PATTERN } from '../../api/patterns.ts';
import { isObject, type JsonObject, type JsonValue, stringifyJson } from '../../lib/json.ts';
import type { Logger } from '../../lib/logger.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import { ApiError, describeRequest, refusalError } from './api-error.ts';
import {
  type ApiRequest,
  type ApiStream,
  type ClusterClient,
  type Fence,
  NotLeaderError,
  type ServiceAccount,
} from './cluster-client.ts';
import {
  type Exchange,
  type ExchangeAnswer,
  ExchangeTimeoutError,
  exchange,
} from './cluster-client-exchange.ts';
import { OutwaitedError, permitWrite } from './cluster-client-fence.ts';
import type { ClientClock, Gate, Gates } from './cluster-client-gate.ts';
import { parseAnswer } from './cluster-client-json.ts';
import { codeOf, type FailedTry, isCertificateCode, retryPause } from './cluster-client-retry.ts';
import { openStream } from './cluster-client-stream.ts';
import type { KubeConnection, Link } from './kube-connection.ts';

const DEFAULT_TIMEOUT = 30_000;
const JSON_TYPE = 'application/json';
/** Milliseconds to wait where the server is overloaded and does not say for how long. */
const MIN_PATIENCE = 1000;

/** One exchange with the API server, for metrics. */
export interface RequestInfo {
  readonly method: string;
  readonly code: number | '<error>';
  /** Milliseconds. */
  readonly duration: number;
}

/** What all clients of one API server share. */
export interface ClientParts {
  readonly connection: KubeConnection;
  readonly gates: Gates;
  readonly clock: ClientClock;
  readonly userAgent: string;
  readonly log: Logger;
  /** Which connections requests go over; writes of a leader's Lease must not queue behind others. */
  readonly lane: 'requests' | 'watches';
  readonly fence?: Fence;
  onRequest?(info: RequestInfo): void;
}

/** Requests over undici to one API server as one identity. */
export class HttpClusterClient implements ClusterClient {
  readonly user: string | undefined;
  readonly #parts: ClientParts;
  readonly #gate: Gate;

  constructor(parts: ClientParts, user?: string) {
    this.#parts = parts;
    this.#gate = parts.gates.of(user);
    this.user = user;
  }

  as(account: ServiceAccount): ClusterClient {
    return new HttpClusterClient(this.#parts, accountUser(account));
  }

  async request(request: ApiRequest, signal: AbortSignal): Promise<JsonObject> {
    const send = (link: Link, left: number) => this.#exchange(request, { link, left, signal });
    const answer = await this.#try({ request, send, mayRepeat: true }, signal);
    return readObject(request, answer.body);
  }

  stream(request: ApiRequest, signal: AbortSignal): Promise<ApiStream> {
    const send = async (link: Link, left: number) =>
      openStream(this.#wire(request, link, left), link.watches, signal);
    // Whoever watches begins again by himself, at a pace of his own.
    return this.#try({ request, send, mayRepeat: false }, signal);
  }

  /** Sends until there is a good answer, an error that stands, or no time left. */
  async #try<Answer extends WireAnswer>(
    { request, send, mayRepeat }: Sending<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { clock, connection } = this.#parts;
    const deadline = clock.now() + (request.timeout ?? DEFAULT_TIMEOUT);
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      await this.#passGate(request, deadline, signal);
      const link = connection.young ?? (await this.#inTime(connection.current(), deadline, signal));
      const outcome = await this.#measure(request, () => send(link, deadline - clock.now()));
      if ('answer' in outcome && outcome.answer.status < 300) return outcome.answer;
      signal.throwIfAborted();
      if (tries === 1 && isIdentityTrouble(outcome)) {
        if ((await this.#inTime(connection.renew(link), deadline, signal)) !== link) continue;
      }
      const error = this.#toError(request, link, outcome);
      const failed = { ...factsOf(outcome, error), method: request.method, tries };
      await this.#pause(failed, { error, deadline: mayRepeat ? deadline : 0, signal });
    }
  }

  /** Plugins may take longer for credentials than a request may take; others may wait for them still. */
  async #inTime(link: Promise<Link>, deadline: number, signal: AbortSignal): Promise<Link> {
    const late = AbortSignal.timeout(Math.max(0, Math.ceil(deadline - this.#parts.clock.now())));
    try {
      return await untilAborted(link, AbortSignal.any([signal, late]));
    } catch (error) {
      signal.throwIfAborted();
      throw late.aborted ? new Error('no credentials for the cluster in time', { cause: error }) : error;
    }
  }

  /** Waits for the next try of a request; throws the error when there is none. */
  async #pause(
    failed: FailedTry,
    { error, deadline, signal }: { error: Error; deadline: number; signal: AbortSignal },
  ): Promise<void> {
    const { clock } = this.#parts;
    const pause = retryPause(failed, clock.random);
    // Everybody waits, not only this request.
    if (failed.status === 429) this.#gate.shut(pause ?? failed.retryAfter ?? MIN_PATIENCE);
    if (pause === undefined || clock.now() + pause >= deadline) throw error;
    if (failed.status !== 429) await delay(pause, undefined, { signal });
  }

  /** Waits where the server has asked for patience; not in vain when there is no time for it. */
  async #passGate(request: ApiRequest, deadline: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const { remaining } = this.#gate;
    if (remaining <= 0) return;
    if (clock.now() + remaining >= deadline) {
      const message = `${describeRequest(request)}: the API server is overloaded and asks to wait`;
      throw new ApiError(message, { status: 429, reason: 'TooManyRequests', retryAfter: remaining });
    }
    await this.#gate.pass(signal);
  }

  /** A write that waited too long for its turn goes out again with the time that is left. */
  async #exchange(
    request: ApiRequest,
    { link, left, signal }: { link: Link; left: number; signal: AbortSignal },
  ): Promise<ExchangeAnswer> {
    const dispatcher = link[this.#parts.lane];
    const end = this.#parts.clock.now() + left;
    for (;;) {
      try {
        return await exchange(this.#wire(request, link, end - this.#parts.clock.now()), dispatcher, signal);
      } catch (error) {
        if (!(error instanceof OutwaitedError)) throw error;
      }
    }
  }

  #wire(request: ApiRequest, link: Link, left: number): Exchange {
    const { method, path, query, contentType = JSON_TYPE, accept = JSON_TYPE } = request;
    const timeout = Math.max(1, left);
    const permit = method === 'GET' ? undefined : permitWrite(this.#parts.fence, timeout);
    // The fence holds the last byte back: there must be one.
    const body = request.body ?? (permit?.permit && '{}');
    const search = new URLSearchParams({
      ...query,
      ...(permit && { timeout: `${permit.seconds}s` }),
    }).toString();
    return {
      method,
      origin: link.origin,
      path: `${link.basePath}${path}${search === '' ? '' : `?${search}`}`,
      timeout,
      headers: {
        ...(this.user === undefined ? link.headers : withoutImpersonation(link.headers)),
        accept,
        'user-agent': this.#parts.userAgent,
        ...(body !== undefined && { 'content-type': contentType }),
        ...(this.user !== undefined && { 'impersonate-user': this.user }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : encode(body) }),
      ...(permit?.permit && { permit: permit.permit }),
    };
  }

  async #measure<Answer extends WireAnswer>(
    { method }: ApiRequest,
    send: () => Promise<Answer>,
  ): Promise<Outcome<Answer>> {
    const { clock, onRequest } = this.#parts;
    const start = clock.now();
    try {
      const answer = await send();
      onRequest?.({ method, code: answer.status, duration: clock.now() - start });
      return { answer };
    } catch (error) {
      if (error instanceof NotLeaderError) return { error };
      onRequest?.({ method, code: '<error>', duration: clock.now() - start });
      return { error };
    }
  }

  #toError(request: ApiRequest, { origin }: Link, outcome: Outcome<WireAnswer>): Error {
    if ('answer' in outcome) return refusalError(request, outcome.answer);
    const { error } = outcome;
    if (error instanceof NotLeaderError) return error;
    const what = describeRequest(request);
    if (error instanceof ExchangeTimeoutError) {
      const doubt = request.method === 'GET' ? '' : '; it may have been carried out';
      return new Error(`${what}: no answer from ${origin} in time${doubt}`, { cause: error });
    }
    const code = codeOf(error);
    if (code === '') return new Error(`${what}: ${(error as Error).message}`, { cause: error });
    const hint = isCertificateCode(code)
      ? ' (its certificate is not the one that the configuration expects)'
      : '';
    return new Error(`cannot reach ${origin}: ${code}${hint}`, { cause: error });
  }
}

/** A request on its way through all of its tries. */
interface Sending<Answer> {
  readonly request: ApiRequest;
  /** One try, with the milliseconds that are left. */
  send(link: Link, left: number): Promise<Answer>;
  /** Whether there is another try after what may pass. */
  readonly mayRepeat: boolean;
}

/** What is needed of an answer to judge it. */
interface WireAnswer {
  readonly status: number;
  readonly headers: ExchangeAnswer['headers'];
  readonly body: string;
}

type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/** Whether other credentials or another authority may help. */
function isIdentityTrouble(outcome: Outcome<WireAnswer>): boolean {
  return 'answer' in outcome ? outcome.answer.status === 401 : isCertificateCode(codeOf(outcome.error));
}

function factsOf(
  outcome: Outcome<WireAnswer>,
  error: Error,
): { status?: number; code?: string; retryAfter?: number } {
  if (!('answer' in outcome)) return { code: codeOf(outcome.error) };
  const retryAfter = error instanceof ApiError ? error.retryAfter : undefined;
  return { status: outcome.answer.status, ...(retryAfter !== undefined && { retryAfter }) };
}

/** Groups and a uid that the configuration acts with are not those of a service account. */
function withoutImpersonation(headers: Link['headers']): Link['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('impersonate-')));
}

/** The user that a service account is; never one that an empty or odd name would make of it. */
function accountUser({ namespace, name }: ServiceAccount): string {
  if (!NAMESPACE.test(namespace) || namespace.length > 63 || !NAME.test(name) || name.length > 253) {
    const shown = JSON.stringify(`${namespace}/${name}`.slice(0, 320));
    throw new StalledError(
      'ServiceAccountRequired',
      `${shown} is no service account; set spec.serviceAccountName to the name of one`,
    );
  }
  return `system:serviceaccount:${namespace}:${name}`;
}

const NAMESPACE = new RegExp(LABEL_PATTERN);
const NAME = new RegExp(NAME_PATTERN);

function readObject(request: ApiRequest, body: string): JsonObject {
  let value: JsonValue;
  try {
    value = parseAnswer(body);
  } catch (error) {
    throw new Error(`${describeRequest(request)}: ${(error as Error).message}`, { cause: error });
  }
  if (!isObject(value)) throw new Error(`${describeRequest(request)}: the answer is no JSON object`);
  return value;
}

/** JSON.stringify is several times as fast where there is no bigint, as nearly always. */
function encode(body: JsonValue): string {
  try {
    return JSON.stringify(body);
  } catch {
    return stringifyJson(body);
  }
}
