import { StalledError, WaitingError } from '../api/errors.ts';
import {
  ACCESS_DENIED,
  ARTIFACT_FAILED,
  BUILD_FAILED,
  HEALTH_CHECK_FAILED,
  RECONCILIATION_FAILED,
} from '../api/reasons.ts';
import { isSecret } from '../api/resource.ts';
import { describeId } from '../apply/object-id.ts';
import { isForbidden } from '../clients/cluster/api-error.ts';
import { approvalOf } from '../plan/approval-of.ts';
import type { Change } from '../plan/change.ts';
import { describeFacts, describeFields } from '../plan/evidence-text.ts';
import { DeliveryError } from '../plan/target.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import type { Step } from '../reconcile/world.ts';
import type { ReportOutcome } from '../status/report.ts';

/** Flux's reasons for a failure in each step. */
const STEP_REASONS: Readonly<Record<Step, string>> = {
  generate: ARTIFACT_FAILED,
  render: BUILD_FAILED,
  plan: RECONCILIATION_FAILED,
  deliver: RECONCILIATION_FAILED,
  settle: HEALTH_CHECK_FAILED,
};

/** Resources of an event, those of them that are explained, and changed values of each; nobody reads more. */
const MAX_RESOURCES = 100;
const MAX_EXPLAINED = 50;
const MAX_FIELDS = 10;

/** What a pass that came to its end says. Its message is the same as long as nothing changes. */
export function describeSuccess({ plan, delivered, revision }: Outcome): ReportOutcome {
  const at = revision === undefined ? {} : { revision };
  if (plan.held) return { type: 'held', hold: plan.held, digest: approvalOf(plan), ...at };
  const kept = plan.changes.filter(({ action }) => action !== 'deleted');
  // Those of held elements are told with their elements.
  const skipped = plan.changes.filter(
    ({ action, reason, isKept }) => action === 'skipped' && reason !== undefined && !isKept,
  );
  const notes = skipped.slice(0, 10).map(({ id, reason }) => `${describeId(id)}: ${reason}`);
  const count = kept.length === 1 ? '1 resource' : `${kept.length} resources`;
  // Without the revision: others move a branch, and that is no news of this set.
  const message = [count, ...notes].join('; ');
  return { type: 'succeeded', message, changes: delivered ? describeChanges(plan.changes) : [], ...at };
}

/**
 * What was delivered, and its evidence as a commit shows it: the values that changed below their resource, and at the
 * end what was asked, answered and decided. Of Secrets only that they changed.
 */
function describeChanges(changes: readonly Change[]): string[] {
  const changed = changes.filter(({ action }) => !['unchanged', 'skipped'].includes(action));
  const told = changed.slice(0, MAX_RESOURCES);
  const shown = told.filter(({ resource }) => !resource || !isSecret(resource)).slice(0, MAX_EXPLAINED);
  const fields = new Map(shown.map((change) => [change, describeFields(change).slice(0, MAX_FIELDS)]));
  return [
    ...told.flatMap((change) => [`${describeId(change.id)} ${change.action}`, ...(fields.get(change) ?? [])]),
    ...(changed.length > told.length ? [`and ${changed.length - told.length} more`] : []),
    ...describeFacts(shown),
  ];
}

/** What a pass that failed says. */
export function describeFailure(error: Error, step: Step): ReportOutcome {
  const { message } = error;
  if (error instanceof StalledError) return { type: 'stalled', reason: error.reason, message };
  if (error instanceof WaitingError) {
    const type = error.reason === 'Progressing' ? 'progressing' : 'failed';
    return { type, reason: error.reason, message };
  }
  if (error instanceof DeliveryError) return { type: 'failed', reason: error.reason, message };
  if (causesOf(error).some(isForbidden)) return { type: 'failed', reason: ACCESS_DENIED, message };
  return { type: 'failed', reason: STEP_REASONS[step], message };
}

/** The error and what caused it, bounded. */
function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at instanceof Error && causes.length < 10; at = at.cause) causes.push(at);
  return causes;
}
