import type { ApiRequest, ApiStream, ClusterClient } from './cluster-client.ts';
import type { WatchClock } from './watch-clock.ts';
import { parseWatchEvent, type WatchEvent } from './watch-event.ts';
import { WatchLines } from './watch-lines.ts';

/** How long a watch may be silent, in milliseconds. */
export interface WatchPatience {
  /** Until the server answers. */
  readonly opening: number;
  /** Between two pieces of the answer. */
  readonly inactivity: number;
}

/** One watch, from its request to its end. */
export interface WatchStream {
  readonly client: ClusterClient;
  readonly request: ApiRequest;
  readonly clock: WatchClock;
  readonly patience: WatchPatience;
  onOpen(): void;
  onEvent(event: WatchEvent): void;
}

/** Nothing came for longer than a living server is silent: the connection is dead, and nobody has told us. */
export class SilentWatchError extends Error {
  constructor(milliseconds: number) {
    super(`nothing came for ${Math.round(milliseconds / 1000)} s`);
    this.name = 'SilentWatchError';
  }
}

/**
 * Opens a watch and hands on its events until the server ends it, as it regularly does. Throws when the connection
 * breaks, falls silent or carries anything but whole events, and when the signal is aborted.
 */
export async function readWatch(watch: WatchStream, signal: AbortSignal): Promise<void> {
  const { clock, patience } = watch;
  const ended = new AbortController();
  const stop = () => ended.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const dog = new Watchdog(clock, patience);
  void dog.watch(ended);
  let stream: ApiStream | undefined;
  try {
    stream = await openStream(watch, ended.signal);
    dog.open();
    watch.onOpen();
    await readEvents(stream, watch, { dog, signal: ended.signal });
  } catch (error) {
    // What the aborted connection threw says nothing; why it was aborted does.
    if (ended.signal.aborted) throw ended.signal.reason;
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    ended.abort();
    stream?.destroy();
  }
}

/** Waits no longer than the signal allows, also for a client that is slow to give up. */
async function openStream({ client, request }: WatchStream, signal: AbortSignal): Promise<ApiStream> {
  const opening = client.stream(request, signal);
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([opening, aborted.promise]);
  } catch (error) {
    opening.then(
      (late) => late.destroy(),
      () => {},
    );
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function readEvents(
  stream: ApiStream,
  { onEvent }: WatchStream,
  { dog, signal }: { dog: Watchdog; signal: AbortSignal },
): Promise<void> {
  const lines = new WatchLines();
  for await (const chunk of stream.chunks) {
    dog.feed();
    for (const line of lines.push(chunk)) {
      signal.throwIfAborted();
      const event = parseWatchEvent(line);
      if (event) onEvent(event);
    }
  }
  signal.throwIfAborted();
  if (!lines.isWhole) throw new SyntaxError('the watch was cut within an event');
}

/** Ends a watch that was not heard of for too long. */
class Watchdog {
  readonly #clock: WatchClock;
  readonly #inactivity: number;
  #patience: number;
  #heard: number;

  constructor(clock: WatchClock, { opening, inactivity }: WatchPatience) {
    this.#clock = clock;
    this.#inactivity = inactivity;
    this.#patience = opening;
    this.#heard = clock.monotonic();
  }

  open(): void {
    this.#patience = this.#inactivity;
    this.feed();
  }

  feed(): void {
    this.#heard = this.#clock.monotonic();
  }

  async watch(ended: AbortController): Promise<void> {
    while (!ended.signal.aborted) {
      const left = this.#heard + this.#patience - this.#clock.monotonic();
      if (left <= 0) ended.abort(new SilentWatchError(this.#patience));
      // The patience may have become shorter meanwhile.
      else await this.#clock.sleep(Math.min(left, this.#inactivity), ended.signal);
    }
  }
}
