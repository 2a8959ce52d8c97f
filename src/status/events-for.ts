import { PLAN_HELD, RECONCILIATION_SUCCEEDED } from '../api/reasons.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import { describeHold, findCondition } from './conditions.ts';
import { MAX_EVENT_MESSAGE, toLines, toOneLine } from './one-line.ts';
import type { Report, ReportOutcome } from './report.ts';

/** What people are told of a set. */
export interface SetEvent {
  /** `error` asks for somebody; `trace` is for those who look, and is sent to nobody. */
  readonly severity: 'info' | 'error' | 'trace';
  readonly reason: string;
  /** May have several lines. */
  readonly message: string;
  /** Facts for programs, such as `revision` and `token`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The events of a pass: what was delivered, what is held, what fails or has recovered; each once, and none for a
 * pass that found everything as it was. `previous` is the status that the pass began with.
 */
export function eventsFor(previous: GeneratorSetStatus | undefined, report: Report): SetEvent[] {
  const event = eventFor(previous, report.outcome);
  if (!event) return [];
  const { outcome, requestedAt } = report;
  const revision = 'revision' in outcome ? outcome.revision : undefined;
  const metadata = {
    ...(revision !== undefined && { revision }),
    ...(requestedAt !== undefined && { token: requestedAt }),
  };
  return [Object.keys(metadata).length > 0 ? { ...event, metadata } : event];
}

function eventFor(previous: GeneratorSetStatus | undefined, outcome: ReportOutcome): SetEvent | undefined {
  switch (outcome.type) {
    case 'succeeded':
      return successEvent(previous, outcome);
    case 'held':
      if (previous?.held?.digest === outcome.digest) return undefined;
      return { severity: 'error', reason: PLAN_HELD, message: describeHold(outcome.hold, outcome.digest) };
    case 'progressing':
      return undefined;
    case 'failed':
    case 'stalled':
      return failureEvent(previous, outcome);
  }
}

/** Changes speak for themselves; without any, only that a trouble is over or a wait has ended is news. */
function successEvent(
  previous: GeneratorSetStatus | undefined,
  { changes, message }: Extract<ReportOutcome, { type: 'succeeded' }>,
): SetEvent | undefined {
  const reason = RECONCILIATION_SUCCEEDED;
  if (changes.length > 0) return { severity: 'info', reason, message: toLines(changes, MAX_EVENT_MESSAGE) };
  const ready = findCondition(previous?.conditions, 'Ready');
  if (ready?.status === 'True' && ready.reason === RECONCILIATION_SUCCEEDED) return undefined;
  return { severity: 'info', reason, message: toOneLine(message) };
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
