import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';

/** Bytes of an answer; collections are asked for in pages. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** The longest that a timer can wait; longer ones would end at once. */
const MAX_DELAY = 2 ** 31 - 1;

/** One request as it goes over the wire. */
export interface Exchange {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  /**
   * Called right before the first byte goes to the socket, and again before the last one; what it throws keeps the
   * request off the wire, or from being whole. Gives how long the request may take from there. Needs a body.
   */
  permit?(): Limit;
}

/** An end that a request must not outlast. */
export interface Limit {
  /** Milliseconds from now. */
  readonly left: number;
  /** What the request fails with then. */
  fail(): Error;
}

/** The whole answer. */
export interface ExchangeAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** No whole answer came in time; whether the request was carried out is not known. */
export class ExchangeTimeoutError extends Error {}

/** Sends one request and reads its answer whole, within bounds: no retry. */
export function exchange(
  request: Exchange,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<ExchangeAnswer> {
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(request, { resolve, reject }, signal);
    const { origin, path, method, timeout } = request;
    try {
      dispatcher.dispatch(
        { origin, path, method, ...handler.content, headersTimeout: timeout, bodyTimeout: timeout },
        handler,
      );
    } catch (error) {
      handler.end(error as Error);
    }
  });
}

interface Settle {
  resolve(answer: ExchangeAnswer): void;
  reject(error: Error): void;
}

/** Follows one request from the queue to the end of its answer. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #request: Exchange;
  readonly #settle: Settle;
  readonly #signal: AbortSignal;
  readonly #chunks: Buffer[] = [];
  #timers: NodeJS.Timeout[] = [];
  #size = 0;
  #status = 0;
  #headers: ExchangeAnswer['headers'] = {};
  #controller: Dispatcher.DispatchController | undefined;
  /** Why it ended, when it did not end well. */
  #failure: Error | undefined;
  #isSettled = false;

  constructor(request: Exchange, settle: Settle, signal: AbortSignal) {
    this.#request = request;
    this.#settle = settle;
    this.#signal = signal;
    this.#endAfter({
      left: request.timeout,
      fail: () => new ExchangeTimeoutError('no whole answer in time'),
    });
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** What is sent, as undici takes it. */
  get content(): Pick<Dispatcher.DispatchOptions, 'headers' | 'body'> {
    const { headers, body = null, permit } = this.#request;
    if (!permit || body === null) return { headers, body };
    const bytes = Buffer.from(body);
    // undici takes any iterable, as its documentation says and its types do not.
    const parts = this.#inTwoParts(bytes) as AsyncIterable<Buffer> as Readable;
    return { headers: { ...headers, 'content-length': String(bytes.length) }, body: parts };
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    try {
      if (this.#failure) throw this.#failure;
      const limit = this.#request.permit?.();
      if (limit) this.#endAfter(limit);
    } catch (error) {
      this.end(error as Error);
      controller.abort(error as Error);
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ExchangeAnswer['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
    const announced = Number(headers['content-length']);
    if (announced > MAX_ANSWER_BYTES) this.end(tooLarge());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > MAX_ANSWER_BYTES) this.end(tooLarge());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#finish()) return;
    const body = Buffer.concat(this.#chunks).toString();
    this.#settle.resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#finish()) this.#settle.reject(error);
  }

  /** Ends the exchange now: also its connection, where it has begun. */
  end(error: Error): void {
    if (!this.#finish()) return;
    this.#failure = error;
    this.#settle.reject(error);
    this.#controller?.abort(error);
  }

  /**
   * The server counts the time of a request from its head on. So the head is on its way before the clock is looked at
   * for the last time: should the process be frozen right after that look, the last byte comes too late, and in vain.
   */
  async *#inTwoParts(bytes: Buffer): AsyncGenerator<Buffer> {
    if (bytes.length > 1) yield bytes.subarray(0, -1);
    // The socket hands it to the kernel meanwhile, and what is yielded next goes there at once.
    await setImmediate();
    try {
      this.#request.permit?.();
    } catch (error) {
      this.end(error as Error);
      throw error;
    }
    yield bytes.subarray(-1);
  }

  #onAbort = (): void => {
    const { reason } = this.#signal;
    this.end(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
  };

  #endAfter({ left, fail }: Limit): void {
    this.#timers.push(setTimeout(() => this.end(fail()), Math.min(left, MAX_DELAY)));
  }

  /** Whether this is the first end. */
  #finish(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

function tooLarge(): Error {
  return new Error(`the answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`);
}
