import {
  CHANGES_HELD,
  ELEMENTS_HELD,
  PLAN_HELD,
  PROGRESSING,
  PROGRESSING_WITH_RETRY,
  RECONCILIATION_SUCCEEDED,
  WATCH_FORBIDDEN,
} from '../api/reasons.ts';
import type { Condition } from '../api/status.ts';
import { describeHeld, describeHold, heldOf } from './holds.ts';
import { toOneLine } from './one-line.ts';
import type { Report, ReportOutcome } from './report.ts';

/** A condition without its history. */
type Fact = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** Characters of a reason that Kubernetes allows are many; those that people read are few. */
const MAX_REASON = 128;

/**
 * The conditions that a report makes true. Ready is always there; all others are abnormal-true: they stand only while
 * they hold. Together they are what kstatus reads: in progress while a pass goes on or is tried again, failed when
 * stalled, current when ready. Each condition is transitioned only when its status changes.
 */
export function nextConditions(previous: readonly Condition[] | undefined, report: Report): Condition[] {
  const facts = [...factsOf(report), ...heldBefore(previous, report), ...unwatched(report)];
  return facts.map((fact) => toCondition(fact, previous, report));
}

/** The condition of a type, where it stands. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * Whether a hold that was reported earlier is still what people must decide about: a pass that did not get as far as
 * a plan has not released it. A delivery releases a plan, but not the elements that it left as they are.
 */
export function keepsHold({ outcome, state }: Report, isPlan: boolean): boolean {
  return (state === undefined || !isPlan) && (outcome.type === 'failed' || outcome.type === 'progressing');
}

/** What a held plan would do and how it is released; changes that are held besides have a digest of their own. */
export function describePlanHold(
  { hold, digest }: Extract<ReportOutcome, { type: 'held' }>,
  { heldChanges }: Report,
): string {
  const besides = heldChanges && `${heldChanges.message}: ${heldChanges.digest}`;
  return describeHold({ message: [hold.message, besides].filter(Boolean).join('; besides, ') }, digest);
}

function factsOf(report: Report): Fact[] {
  const { outcome } = report;
  switch (outcome.type) {
    case 'succeeded':
      return successFacts(report, outcome.message);
    case 'held': {
      const message = describePlanHold(outcome, report);
      return [ready('True', PLAN_HELD, message), abnormal('Held', PLAN_HELD, message)];
    }
    case 'progressing':
      return [
        ready('Unknown', outcome.reason, outcome.message),
        abnormal('Reconciling', PROGRESSING, outcome.message),
      ];
    case 'failed':
      return [
        ready('False', outcome.reason, outcome.message),
        abnormal('Reconciling', PROGRESSING_WITH_RETRY, outcome.message),
      ];
    case 'stalled':
      return [
        ready('False', outcome.reason, outcome.message),
        abnormal('Stalled', outcome.reason, outcome.message),
      ];
  }
}

/** Some elements may be held while the others went on. */
function successFacts({ elementStates = [], heldChanges }: Report, message: string): Fact[] {
  const held = heldOf(elementStates).length > 0 ? describeHeld(elementStates) : undefined;
  if (heldChanges) {
    const said = [held, message, heldChanges.message].filter((part) => part !== undefined).join('; ');
    return [
      ready('True', ELEMENTS_HELD, describeHold({ message: said }, heldChanges.digest)),
      abnormal('Held', CHANGES_HELD, describeHold(heldChanges, heldChanges.digest)),
    ];
  }
  if (held === undefined) return [ready('True', RECONCILIATION_SUCCEEDED, message)];
  return [ready('True', ELEMENTS_HELD, `${held}; ${message}`), abnormal('Held', ELEMENTS_HELD, held)];
}

function heldBefore(previous: readonly Condition[] | undefined, report: Report): Fact[] {
  const held = findCondition(previous, 'Held');
  const isPlan = held?.reason !== CHANGES_HELD && held?.reason !== ELEMENTS_HELD;
  return held && keepsHold(report, isPlan) ? [held] : [];
}

function unwatched({ unwatched: message }: Report): Fact[] {
  return message === undefined ? [] : [abnormal('Unwatched', WATCH_FORBIDDEN, message)];
}

function ready(status: Condition['status'], reason: string, message: string): Fact {
  return { type: 'Ready', status, reason, message };
}

function abnormal(type: string, reason: string, message: string): Fact {
  return { type, status: 'True', reason, message };
}

function toCondition(
  { type, status, reason, message }: Fact,
  previous: readonly Condition[] | undefined,
  { at, generation }: Report,
): Condition {
  const before = findCondition(previous, type);
  const since = before?.status === status ? before.lastTransitionTime : toSeconds(at);
  return {
    type,
    status,
    reason: toReason(reason),
    message: toOneLine(message),
    lastTransitionTime: since,
    observedGeneration: generation,
  };
}

/** The API server's pattern for reasons of conditions: words of letters, digits, "_", "," and ":". */
function toReason(reason: string): string {
  const word = reason.slice(0, MAX_REASON).replace(/[^A-Za-z0-9_,:]/g, '');
  return /^[A-Za-z](?:.*[A-Za-z0-9_])?$/.test(word) ? word : 'Failed';
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function toSeconds(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
