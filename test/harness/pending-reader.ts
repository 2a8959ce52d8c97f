import type { HttpAnswer, HttpReader, HttpRequest } from '../../src/api/readers.ts';

/** One request that a pending reader has got and not answered yet. */
export interface PendingRequest {
  readonly request: HttpRequest;
  readonly signal: AbortSignal;
  answer(body?: string): void;
  fail(error: Error): void;
}

/** A reader that answers when the test says so, and keeps what it was asked; an abort ends a request as it ends real ones. */
export function createPendingReader(): { reader: HttpReader; requests: PendingRequest[] } {
  const requests: PendingRequest[] = [];
  const reader: HttpReader = {
    request: (request, signal) =>
      new Promise<HttpAnswer>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        requests.push({
          request,
          signal,
          answer: (body = '') => resolve({ status: 200, headers: {}, body }),
          fail: reject,
        });
      }),
  };
  return { reader, requests };
}

/** A GET of a URL, with what else the test needs of it. */
export function getRequest(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, timeout: 1000, ...more };
}

/** Lets all that was settled be noticed. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
