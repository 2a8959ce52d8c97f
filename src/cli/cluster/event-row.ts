import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import { ageOf } from './human-duration.ts';
import { textOf } from './inventory-entries.ts';

/** The columns of `events`, in Flux's order. */
export function eventHeaders(allNamespaces: boolean): string[] {
  return [...(allNamespaces ? ['namespace'] : []), 'last seen', 'type', 'reason', 'object', 'message'];
}

/** An event as a row of `events`. */
export function eventRow(event: JsonObject, allNamespaces: boolean, now: Date): string[] {
  const involved = objectOf(event, 'involvedObject');
  return [
    ...(allNamespaces ? [textOf(objectOf(event, 'metadata'), 'namespace')] : []),
    ...[lastSeen(event, now), textOf(event, 'type'), textOf(event, 'reason')],
    `${textOf(involved, 'kind')}/${textOf(involved, 'name')}`,
    textOf(event, 'message').trim(),
  ];
}

/** When an event was seen last, for sorting; the old and the new form of events say it in different fields. */
export function eventTime(event: JsonObject): string {
  const series = textOf(objectOf(event, 'series'), 'lastObservedTime');
  const metadata = textOf(objectOf(event, 'metadata'), 'creationTimestamp');
  return series || textOf(event, 'lastTimestamp') || textOf(event, 'eventTime') || metadata;
}

/** `5m`, or `10s (x3 over 5m)` for one that came several times, as kubectl says it. */
function lastSeen(event: JsonObject, now: Date): string {
  const first = textOf(event, 'eventTime') || textOf(event, 'firstTimestamp') || eventTime(event);
  const counted = ownValue(objectOf(event, 'series'), 'count') ?? ownValue(event, 'count');
  const count = typeof counted === 'number' ? counted : 1;
  const last = ageOf(eventTime(event), now);
  return count > 1 ? `${last} (x${count} over ${ageOf(first, now)})` : last;
}

function objectOf(object: JsonObject, key: string): JsonObject {
  const value = ownValue(object, key);
  return isObject(value) ? value : {};
}
