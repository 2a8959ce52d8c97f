import { CHANGES_HELD, ELEMENTS_HELD, PLAN_HELD, RECONCILIATION_SUCCEEDED } from '../api/reasons.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import { describePlanHold, findCondition, nextConditions } from './conditions.ts';
import { describeHeld, describeHold, MAX_CHANGES, toStatusElements } from './holds.ts';
import { MAX_EVENT_MESSAGE, toLines, toOneLine } from './one-line.ts';
import type { Report, ReportOutcome } from './report.ts';

/** `main@sha1:<commit>`, as targets write the revision of a repository. */
const GIT_REVISION = /@sha1:([0-9a-f]{40})$/;

/** What people are told of a set. */
export interface SetEvent {
  /** `error` asks for somebody; `trace` is for those who look, and is sent to nobody. */
  readonly severity: 'info' | 'error' | 'trace';
  readonly reason: string;
  /** May have several lines. */
  readonly message: string;
  /** Facts for programs: `revision`, `commit`, `digest` of what is held, and `token`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The events of a pass: what was delivered, what is held, what fails or has recovered; each once, and none for a
 * pass that found everything as it was. `previous` is the status that the pass began with.
 */
export function eventsFor(previous: GeneratorSetStatus | undefined, report: Report): SetEvent[] {
  const events = [eventFor(previous, report), ...holdEvents(previous, report)];
  return events.filter((event) => event !== undefined).map((event) => withMetadata(event, report));
}

/** Flux's facts for programs: fluxcd/pkg, apis/event/v1/metadata.go. */
function withMetadata(event: SetEvent, { outcome, requestedAt, heldChanges }: Report): SetEvent {
  const revision = 'revision' in outcome ? outcome.revision : undefined;
  const commit = GIT_REVISION.exec(revision ?? '')?.[1];
  const digest = digestOf(event, { outcome, heldChanges });
  const metadata = {
    ...(revision !== undefined && { revision }),
    ...(commit !== undefined && { commit }),
    ...(digest !== undefined && { digest }),
    ...(requestedAt !== undefined && { token: requestedAt }),
  };
  return Object.keys(metadata).length > 0 ? { ...event, metadata } : event;
}

/** What an approval of the held plan or changes must name. */
function digestOf({ reason }: SetEvent, { outcome, heldChanges }: Pick<Report, 'outcome' | 'heldChanges'>) {
  if (reason === PLAN_HELD && outcome.type === 'held') return outcome.digest;
  return reason === CHANGES_HELD ? heldChanges?.digest : undefined;
}

function eventFor(previous: GeneratorSetStatus | undefined, report: Report): SetEvent | undefined {
  const { outcome } = report;
  switch (outcome.type) {
    case 'succeeded':
      return successEvent(previous, outcome, report);
    case 'held':
      if (previous?.held?.digest === outcome.digest) return undefined;
      return { severity: 'error', reason: PLAN_HELD, message: describePlanHold(outcome, report) };
    case 'progressing':
      return undefined;
    case 'failed':
    case 'stalled':
      return failureEvent(previous, outcome);
  }
}

/** Changes speak for themselves; without any, only that a trouble or a hold is over or a wait has ended is news. */
function successEvent(
  previous: GeneratorSetStatus | undefined,
  { changes, message }: Extract<ReportOutcome, { type: 'succeeded' }>,
  report: Report,
): SetEvent | undefined {
  const reason = RECONCILIATION_SUCCEEDED;
  if (changes.length > 0) return { severity: 'info', reason, message: toLines(changes, MAX_EVENT_MESSAGE) };
  const [before, now] = [previous?.conditions, nextConditions(previous?.conditions, report)].map(
    (conditions) => findCondition(conditions, 'Ready'),
  );
  // What begins to be held is told by itself.
  const isKnown = before?.reason === RECONCILIATION_SUCCEEDED || before?.reason === now?.reason;
  if (before?.status === 'True' && isKnown) return undefined;
  return { severity: 'info', reason, message: toOneLine(message) };
}

/** Elements and tuned values that are held from now on or are so no longer, while others still are. */
function holdEvents(previous: GeneratorSetStatus | undefined, report: Report): SetEvent[] {
  const { outcome, elementStates } = report;
  if (!elementStates || (outcome.type !== 'succeeded' && outcome.type !== 'held')) return [];
  const before = reasonsOf(previous?.elementStates);
  const states = toStatusElements(elementStates) ?? [];
  // Changes that are larger than allowed are told with the digest that releases them.
  const held = states.filter(
    ({ key, phase, reason }) => phase === 'Held' && reason !== 'MaxChange' && before.get(key) !== reason,
  );
  const well = new Set(
    elementStates.filter(({ phase }) => phase !== 'Held').map(({ key }) => toOneLine(key)),
  );
  const released = [...before.keys()].filter((key) => well.has(key));
  const events: SetEvent[] = [];
  if (held.length > 0) {
    const lines = held.map(({ key, reason, message = reason }) => `${key}: ${message}`);
    const message = toLines([describeHeld(elementStates), ...lines], MAX_EVENT_MESSAGE);
    events.push({ severity: 'error', reason: ELEMENTS_HELD, message });
  }
  if (released.length > 0 && well.size < elementStates.length) {
    const message = toLines([`no longer held: ${released.join(', ')}`], MAX_EVENT_MESSAGE);
    events.push({ severity: 'info', reason: RECONCILIATION_SUCCEEDED, message });
  }
  return [...events, ...changesEvents(previous, report)];
}

/** New proposals for what is held already are no news. */
function changesEvents(
  previous: GeneratorSetStatus | undefined,
  { outcome, heldChanges }: Report,
): SetEvent[] {
  if (!heldChanges || outcome.type === 'held') return [];
  const idOf = ({ element, name }: { element: string; name: string }) => JSON.stringify([element, name]);
  const known = new Set(previous?.held?.changes?.map(idOf));
  if (heldChanges.changes.slice(0, MAX_CHANGES).every((change) => known.has(idOf(change)))) return [];
  const message = describeHold(heldChanges, heldChanges.digest);
  return [{ severity: 'error', reason: CHANGES_HELD, message }];
}

/** Why elements are held, by their keys. */
function reasonsOf(states: GeneratorSetStatus['elementStates']): ReadonlyMap<string, string> {
  const held = (states ?? []).filter(({ phase }) => phase === 'Held');
  return new Map(held.map(({ key, reason }) => [key, reason]));
}

function failureEvent(
  previous: GeneratorSetStatus | undefined,
  { reason, message }: { readonly reason: string; readonly message: string },
): SetEvent | undefined {
  const ready = findCondition(previous?.conditions, 'Ready');
  const isKnown =
    ready?.status === 'False' && ready.reason === reason && ready.message === toOneLine(message);
  if (isKnown) return undefined;
  return { severity: 'error', reason, message: toLines(message.split('\n'), MAX_EVENT_MESSAGE) };
}
