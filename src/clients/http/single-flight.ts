import type { HttpAnswer, HttpReader, HttpRequest } from '../../api/readers.ts';
import { sha256 } from '../../lib/digest.ts';
import { untilAborted } from '../../lib/until-aborted.ts';

/** An exchange under way, and how many wait for its answer. */
interface Flight {
  readonly answer: Promise<HttpAnswer>;
  readonly stop: AbortController;
  callers: number;
}

/**
 * Lets requests that are alike in everything, credentials included, share one exchange while it is under way. Who
 * gives up leaves the others theirs; when nobody waits any more, the exchange is ended.
 */
export function shareAnswers(reader: HttpReader): HttpReader {
  const flights = new Map<string, Flight>();

  function begin(id: string, request: HttpRequest): Flight {
    const stop = new AbortController();
    const end = (): void => {
      if (flights.get(id) === flight) flights.delete(id);
    };
    const answer = reader.request(request, stop.signal).finally(end);
    const flight: Flight = { answer, stop, callers: 0 };
    flights.set(id, flight);
    return flight;
  }

  return {
    async request(request, signal): Promise<HttpAnswer> {
      signal.throwIfAborted();
      const id = identify(request);
      const flight = flights.get(id) ?? begin(id, request);
      flight.callers++;
      try {
        return await untilAborted(flight.answer, signal);
      } finally {
        // A request that comes now finds nobody to share with: this one is about to fail.
        if (--flight.callers === 0 && flights.get(id) === flight) {
          flights.delete(id);
          flight.stop.abort(signal.reason);
        }
      }
    },
  };
}

/** A digest, so that no credentials are kept as keys. The order of headers is of no account. */
function identify({ method, url, headers = {}, body, ca, cert, key, timeout }: HttpRequest): string {
  const named = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value])
    .sort();
  return sha256(JSON.stringify([method, url, named, body, ca, cert, key, timeout]));
}
