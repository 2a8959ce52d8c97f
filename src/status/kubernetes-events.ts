import { API_VERSION, KIND } from '../api/generatorset-schema.ts';
import { isConflict, isNotFound } from '../clients/cluster/api-error.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { collectionPath, objectPath } from '../clients/cluster/paths.ts';
import { sha256 } from '../lib/digest.ts';
import type { JsonObject } from '../lib/json.ts';
import { toSeconds } from './conditions.ts';
import type { SetEvent } from './events-for.ts';
import { EVENT } from './kinds.ts';
import { toLines } from './one-line.ts';
import type { SetIdentity, SetMetadata } from './set-identity.ts';

/** Characters of a message; Kubernetes allows 1,024. */
const MAX_MESSAGE = 1000;
/** Milliseconds in which the same event is counted up, not made anew. */
const SAME_WITHIN = 10 * 60_000;
/** Milliseconds between two writes of the same event. */
const MIN_PAUSE = 60_000;
/** Events that are remembered; client-go remembers as many. */
const MAX_KNOWN = 4096;

/** Who reports. */
export interface Reporter {
  readonly reportingController: string;
  readonly reportingInstance: string;
}

/** An Event object, and what is known of it: no more than is written, since thousands are remembered. */
export interface CountedEvent {
  readonly set: SetIdentity & Pick<SetMetadata, 'resourceVersion'>;
  readonly event: Pick<SetEvent, 'severity' | 'reason' | 'message'>;
  name: string;
  readonly first: Date;
  last: Date;
  count: number;
  isWritten: boolean;
  /** Milliseconds of the epoch; undefined while it waits to be written. */
  writtenAt: number | undefined;
}

/** What a counter asks. */
export interface EventCounterOptions {
  /** From 0 to 1, for names of events. */
  random(): number;
  /** Whether the set may have one more Event object; asked once for each. */
  mayMake(set: SetMetadata): boolean;
}

/** The same event again within ten minutes is the same object with a higher count, as `kubectl describe` shows it. */
export class EventCounter {
  readonly #known = new Map<string, CountedEvent>();
  readonly #options: EventCounterOptions;

  constructor(options: EventCounterOptions) {
    this.#options = options;
  }

  /** Counts an event; gives it where it must be written now. One that may not be made is as if it had not been. */
  count(set: SetMetadata, event: SetEvent, now: Date): CountedEvent | undefined {
    const { severity, reason, message } = event;
    const key = sha256(JSON.stringify([set.uid, severity, reason, message]));
    const known = this.#known.get(key);
    if (!known || now.getTime() - known.last.getTime() >= SAME_WITHIN) {
      if (!this.#options.mayMake(set)) return undefined;
      const { namespace, name, uid, resourceVersion } = set;
      const counted: CountedEvent = {
        set: { namespace, name, uid, resourceVersion },
        event: { severity, reason, message: toLines(message.split('\n'), MAX_MESSAGE) },
        name: this.newName(set),
        first: now,
        last: now,
        count: 1,
        isWritten: false,
        writtenAt: undefined,
      };
      this.#keep(key, counted);
      return counted;
    }
    known.count++;
    known.last = now;
    // One that waits will be written with this count.
    if (known.writtenAt === undefined || now.getTime() - known.writtenAt < MIN_PAUSE) return undefined;
    known.writtenAt = undefined;
    return known;
  }

  /** A name that no other event has. */
  newName({ name }: SetIdentity): string {
    const number = Math.floor(this.#options.random() * 2 ** 52);
    return `${name}.${number.toString(16).padStart(13, '0')}`;
  }

  /** The newest replaces the oldest. */
  #keep(key: string, counted: CountedEvent): void {
    this.#known.delete(key);
    this.#known.set(key, counted);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Writes an event in one request: makes it, or counts it up. One that the API server has let expire is made anew. */
export async function writeEvent(
  client: ClusterClient,
  { counted, reporter, counter }: { counted: CountedEvent; reporter: Reporter; counter: EventCounter },
  signal: AbortSignal,
): Promise<void> {
  // Also where it fails: the next one waits its minute.
  counted.writtenAt = counted.last.getTime();
  if (counted.isWritten) {
    if (await countUp(client, counted, signal)) return;
    counted.name = counter.newName(counted.set);
  }
  try {
    const path = collectionPath(EVENT, counted.set.namespace);
    await client.request({ method: 'POST', path, body: toObject(counted, reporter) }, signal);
  } catch (error) {
    // Written by a try whose answer was lost.
    if (!isConflict(error)) throw error;
  }
  counted.isWritten = true;
}

/** False when the event is gone. */
async function countUp(client: ClusterClient, counted: CountedEvent, signal: AbortSignal): Promise<boolean> {
  const { set, name, count, last } = counted;
  const path = objectPath(EVENT, set.namespace, name);
  const contentType = 'application/merge-patch+json';
  const body = { count, lastTimestamp: toSeconds(last) };
  try {
    await client.request({ method: 'PATCH', path, body, contentType }, signal);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1, in its form of core/v1. */
function toObject(counted: CountedEvent, { reportingController, reportingInstance }: Reporter): JsonObject {
  const { set, event, name, first, last, count } = counted;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: set.namespace },
    involvedObject: involvedObject(set),
    type: event.severity === 'error' ? 'Warning' : 'Normal',
    reason: event.reason.slice(0, 128),
    message: event.message,
    source: { component: reportingController },
    reportingComponent: reportingController,
    reportingInstance: reportingInstance.slice(0, 128),
    firstTimestamp: toSeconds(first),
    lastTimestamp: toSeconds(last),
    count,
  };
}

/** The set as events refer to it. */
export function involvedObject({ namespace, name, uid, resourceVersion }: CountedEvent['set']): JsonObject {
  return { apiVersion: API_VERSION, kind: KIND, namespace, name, uid, resourceVersion };
}
