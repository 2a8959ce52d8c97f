import {
  PLAN_HELD,
  PROGRESSING,
  PROGRESSING_WITH_RETRY,
  RECONCILIATION_SUCCEEDED,
  WATCH_FORBIDDEN,
} from '../api/reasons.ts';
import type { Condition } from '../api/status.ts';
import { MAX_MESSAGE, toOneLine } from './one-line.ts';
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
  const facts = [...factsOf(report.outcome), ...heldBefore(previous, report), ...unwatched(report)];
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
 * a plan has not released it.
 */
export function keepsHold({ outcome, state }: Report): boolean {
  return state === undefined && (outcome.type === 'failed' || outcome.type === 'progressing');
}

/** How people release a held plan. */
export function describeHold({ message }: { readonly message: string }, digest: string): string {
  const advice = `; to deliver it all the same: annotation generatorset.dev/approve: ${digest}`;
  return `${toOneLine(message, MAX_MESSAGE - advice.length)}${advice}`;
}

function factsOf(outcome: ReportOutcome): Fact[] {
  switch (outcome.type) {
    case 'succeeded':
      return [ready('True', RECONCILIATION_SUCCEEDED, outcome.message)];
    case 'held': {
      const message = describeHold(outcome.hold, outcome.digest);
      return [ready('True', PLAN_HELD, message), abnormal('Held', outcome.hold.rule, message)];
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

function heldBefore(previous: readonly Condition[] | undefined, report: Report): Fact[] {
  const held = keepsHold(report) ? findCondition(previous, 'Held') : undefined;
  return held ? [held] : [];
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
