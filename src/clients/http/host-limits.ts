import type { HttpAnswer, HttpReader, HttpRequest } from '../../api/readers.ts';
import { describeUrl } from '../../lib/describe-url.ts';
import { formatDuration } from '../../lib/duration.ts';

interface HostLimits {
  /** How many requests one origin gets at a time. Default: 4. */
  readonly perHost?: number;
  /** Milliseconds that a request waits for its turn at most; its own timeout begins with the turn. Default: 60 s. */
  readonly maxWait?: number;
}

/** The places of one origin: how many are taken, and who waits for one. */
interface Places {
  taken: number;
  readonly waiting: (() => void)[];
}

/** Lets few requests through to each origin at a time, in the order of asking, so that no number of sets floods a server. */
export function limitHosts(
  reader: HttpReader,
  { perHost = 4, maxWait = 60_000 }: HostLimits = {},
): HttpReader {
  const origins = new Map<string, Places>();
  return {
    async request(request, signal): Promise<HttpAnswer> {
      signal.throwIfAborted();
      const origin = originOf(request);
      const places = origins.get(origin) ?? { taken: 0, waiting: [] };
      origins.set(origin, places);
      if (places.taken < perHost) places.taken++;
      else await waitForPlace(places, { request, signal, maxWait });
      try {
        return await reader.request(request, signal);
      } finally {
        // The place passes to the next in line, so that nobody can come between.
        const next = places.waiting.shift();
        if (next) next();
        else if (--places.taken === 0) origins.delete(origin);
      }
    },
  };
}

/** Resolves with a place that another has left; rejects without one after the longest wait, or when aborted. */
function waitForPlace(
  { waiting }: Places,
  { request, signal, maxWait }: { request: HttpRequest; signal: AbortSignal; maxWait: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    };
    const take = (): void => {
      settle();
      resolve();
    };
    const giveUp = (): void => {
      settle();
      waiting.splice(waiting.indexOf(take), 1);
      reject(signal.aborted ? signal.reason : tooLong(request, maxWait));
    };
    const timer = setTimeout(giveUp, maxWait);
    signal.addEventListener('abort', giveUp, { once: true });
    waiting.push(take);
  });
}

function tooLong({ method, url }: HttpRequest, maxWait: number): Error {
  const busy = `other requests have kept the server busy for ${formatDuration(maxWait)}`;
  return new Error(`${method} ${describeUrl(url)}: ${busy}; query it less often`);
}

/** What is no URL shares a place that the reader's refusal frees at once. */
function originOf({ url }: HttpRequest): string {
  return URL.parse(url)?.origin ?? '';
}
