import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { stringifyJson } from '../lib/json.ts';
import type { Logger } from '../lib/logger.ts';
import { EventLimit } from './event-limit.ts';
import { EventQueue } from './event-queue.ts';
import type { SetEvent } from './events-for.ts';
import { type CountedEvent, EventCounter, type Reporter, writeEvent } from './kubernetes-events.ts';
import { toNotification } from './notification.ts';
import type { SetMetadata } from './set-identity.ts';

/** Events that wait for each receiver. */
const MAX_WAITING = 1000;
/** Events that are written to Kubernetes at once, so that the news of many sets keeps up with their passes. */
const WRITERS = 4;
/** Milliseconds between two lines of the log about the same receiver. */
const LOG_PAUSE = 60_000;

/** Tells people of sets, in Kubernetes and to `--events-addr`. A pass never waits for it and never fails by it. */
export interface EventRecorder {
  record(set: SetMetadata, event: SetEvent): void;
  /** Events that a receiver will not get, because too many waited or the set has had too many. */
  readonly dropped: number;
  /** Resolves when everything is sent; when the signal comes first, the rest is dropped. */
  flush(signal: AbortSignal): Promise<void>;
}

export interface EventRecorderOptions extends Reporter {
  /** The controller's own: events are written next to the set. */
  readonly client: ClusterClient;
  /** Sends JSON to `--events-addr`; absent without one. */
  readonly post?: (body: string, signal: AbortSignal) => Promise<void>;
  now(): Date;
  /** A monotonic clock in milliseconds, for the limit of each set alone. */
  readonly clock?: () => number;
  /** From 0 to 1, for names of events. */
  random(): number;
  readonly log: Logger;
  /** Told of each event that a receiver did not get, for metrics. */
  onDropped?(): void;
}

/** Makes a recorder; each receiver has a queue of its own, so that a slow one holds up no other. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { client, post, now, log, clock = systemClock, random } = options;
  const limit = new EventLimit(clock);
  let dropped = 0;
  const onDropped = () => {
    dropped++;
    options.onDropped?.();
  };
  const sayTooMany = occasionally(now, ({ namespace, name }: SetMetadata) =>
    log.warn('a set has too many events: not all are written', { namespace, name }),
  );
  const counter = new EventCounter({
    random,
    mayMake(set) {
      if (limit.take(set.uid)) return true;
      onDropped();
      sayTooMany(set);
      return false;
    },
  });
  /** A receiver that does not take an event has not got it either. */
  const lost = (report: (error: Error) => void) => {
    const say = occasionally(now, report);
    return (error: Error) => {
      options.onDropped?.();
      say(error);
    };
  };
  const cluster = new EventQueue<CountedEvent>({
    limit: MAX_WAITING,
    parallel: WRITERS,
    send: (counted, signal) => writeEvent(client, { counted, reporter: options, counter }, signal),
    onDropped,
    onError: lost((error) => log.warn('an event could not be written', { error: error.message })),
  });
  const address = new EventQueue<string>({
    limit: MAX_WAITING,
    // A receiver shows them in the order in which they come.
    parallel: 1,
    send: async (body, signal) => post?.(body, signal),
    onDropped,
    onError: lost((error) => log.warn('an event could not be sent', { error: error.message })),
  });
  return {
    record(set, event) {
      const at = now();
      const counted = counter.count(set, event, at);
      if (counted) cluster.add(counted);
      if (post && event.severity !== 'trace')
        address.add(stringifyJson(toNotification({ set, event, at }, options)));
    },
    get dropped() {
      return dropped;
    },
    async flush(signal) {
      await Promise.all([cluster.flush(signal), address.flush(signal)]);
    },
  };
}

function systemClock(): number {
  return performance.now();
}

/** Passes on the first, and then one a minute at most: a receiver that is down says so once, not a thousand times. */
function occasionally<Item>(now: () => Date, report: (item: Item) => void): (item: Item) => void {
  let last: number | undefined;
  return (item) => {
    const time = now().getTime();
    if (last !== undefined && Math.abs(time - last) < LOG_PAUSE) return;
    last = time;
    report(item);
  };
}
