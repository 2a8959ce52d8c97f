import type { GeneratorSetStatus } from '../api/status.ts';
import { describePlanHold, findCondition, keepsHold, nextConditions } from './conditions.ts';
import { ageDeletions, toStatusDeletions } from './deletions.ts';
import { nextHistory } from './history.ts';
import { toStatusElements, toStatusHeld } from './holds.ts';
import type { Report } from './report.ts';
import type { StoredState } from './state-store.ts';

/**
 * The status after a pass. `stored` is what it has of the report's state; without one that stays.
 * `status.observedGeneration` moves when a generation is done with, well or for good; kstatus takes a set that is
 * still at it, or tried again, as in progress.
 */
export function nextStatus(
  previous: GeneratorSetStatus | undefined,
  report: Report,
  stored?: StoredState,
): GeneratorSetStatus {
  const conditions = nextConditions(previous?.conditions, report);
  const revisions = nextRevisions(previous, report);
  const delivered = report.state?.delivered ?? previous?.delivered;
  const deletions = report.state
    ? toStatusDeletions(report.state.deletions, report.at)
    : ageDeletions(previous?.deletions, report.at);
  const history = nextHistory(
    previous,
    { conditions },
    { report, digest: digestOf(report, { ...revisions, delivered }) },
  );
  return withoutAbsent({
    observedGeneration: isDone(report) ? report.generation : previous?.observedGeneration,
    conditions,
    ...revisions,
    // An annotation without a value asks for nothing.
    lastHandledReconcileAt: report.requestedAt || previous?.lastHandledReconcileAt,
    lastHandledForceAt: report.forceAt || previous?.lastHandledForceAt,
    elements: report.elements ?? previous?.elements,
    elementStates: nextElements(previous, report),
    decisions: (stored ?? previous)?.decisions,
    decisionShards: (stored ?? previous)?.decisionShards,
    inventory: (stored ?? previous)?.inventory,
    held: nextHeld(previous, report),
    delivered,
    deletions: deletions.length > 0 ? deletions : undefined,
    history: history.length > 0 ? history : undefined,
  });
}

/** Whether a generation was worked off: retries and waiting have not. */
function isDone({ outcome }: Report): boolean {
  return outcome.type !== 'failed' && outcome.type !== 'progressing';
}

function nextHeld(previous: GeneratorSetStatus | undefined, report: Report): GeneratorSetStatus['held'] {
  const { outcome, heldChanges } = report;
  if (outcome.type === 'held') {
    const { digest, hold } = outcome;
    return { digest, rule: hold.rule, message: describePlanHold(outcome, report) };
  }
  if (outcome.type === 'succeeded' && heldChanges) return toStatusHeld(heldChanges);
  return keepsHold(report, previous?.held?.rule !== 'maxChange') ? previous?.held : undefined;
}

/** A pass that failed does not tell what became of its elements. */
function nextElements(
  previous: GeneratorSetStatus | undefined,
  { outcome, elementStates }: Report,
): GeneratorSetStatus['elementStates'] {
  if (elementStates) return toStatusElements(elementStates);
  return outcome.type === 'succeeded' || outcome.type === 'held' ? undefined : previous?.elementStates;
}

interface Revisions {
  readonly lastAttemptedRevision: string | undefined;
  readonly lastAppliedRevision: string | undefined;
}

/** A held plan attempts nothing, and what stands is what stood. */
function nextRevisions(previous: GeneratorSetStatus | undefined, report: Report): Revisions {
  const { outcome } = report;
  const attempted = previous?.lastAttemptedRevision;
  const applied = previous?.lastAppliedRevision;
  if (outcome.type === 'stalled' || outcome.type === 'held' || outcome.revision === undefined)
    return { lastAttemptedRevision: attempted, lastAppliedRevision: applied };
  if (outcome.type !== 'succeeded')
    return { lastAttemptedRevision: outcome.revision, lastAppliedRevision: applied };
  // Others may commit to the branch at any time: that is no news of this set.
  const idle = outcome.changes.length === 0 && report.state === undefined && wasReady(previous);
  const revision = idle && applied !== undefined ? applied : outcome.revision;
  return { lastAttemptedRevision: revision, lastAppliedRevision: revision };
}

function wasReady(previous: GeneratorSetStatus | undefined): boolean {
  return findCondition(previous?.conditions, 'Ready')?.status === 'True';
}

/** What was to be delivered, for the history; undefined where nothing ever was. */
function digestOf(
  { outcome }: Report,
  known: Revisions & { readonly delivered: string | undefined },
): string | undefined {
  if (outcome.type === 'held') return outcome.digest;
  return known.lastAttemptedRevision ?? known.delivered;
}

/** A status as the API server gives it back: absent fields are absent, not undefined. */
function withoutAbsent(
  status: { [Field in keyof GeneratorSetStatus]: GeneratorSetStatus[Field] | undefined },
): GeneratorSetStatus {
  return Object.fromEntries(
    Object.entries(status).filter(([, value]) => value !== undefined),
  ) as GeneratorSetStatus;
}
