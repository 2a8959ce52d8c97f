import { type JsonObject, setOwn } from '../lib/json.ts';
import type { SetEvent } from './events-for.ts';
import { involvedObject, type Reporter } from './kubernetes-events.ts';
import { MAX_EVENT_MESSAGE, toLines } from './one-line.ts';
import type { SetMetadata } from './set-identity.ts';

/** Annotations of a set that go along with its events: RFC-0008 of Flux. */
const EVENT_PREFIX = 'event.toolkit.fluxcd.io/';
/** notification-controller takes the facts of a kind by the prefix of its group. */
const OWN_PREFIX = 'generatorset.dev/';
/** Annotations that go along, and characters of each value. */
const MAX_ANNOTATIONS = 50;
const MAX_VALUE = 1000;

/** An event in the form that notification-controller takes: fluxcd/pkg, apis/event/v1beta1. */
export function toNotification(
  { set, event, at }: { readonly set: SetMetadata; readonly event: SetEvent; readonly at: Date },
  { reportingController, reportingInstance }: Reporter,
): JsonObject {
  return {
    involvedObject: involvedObject(set),
    severity: event.severity,
    timestamp: at.toISOString(),
    message: toLines(event.message.split('\n'), MAX_EVENT_MESSAGE),
    reason: event.reason,
    metadata: metadataOf(set, event),
    reportingController,
    reportingInstance,
  };
}

/** What this program says comes last, so that no annotation can say it otherwise. */
function metadataOf(set: SetMetadata, event: SetEvent): JsonObject {
  const metadata: JsonObject = {};
  const annotations = Object.entries(set.annotations).filter(([key]) => key.startsWith(EVENT_PREFIX));
  for (const [key, value] of annotations.slice(0, MAX_ANNOTATIONS))
    setOwn(metadata, key, value.slice(0, MAX_VALUE));
  for (const [key, value] of Object.entries(event.metadata ?? {}))
    setOwn(metadata, `${OWN_PREFIX}${key}`, value);
  return metadata;
}
