import type { Change } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import type { SetResult } from '../reconcile/reconcile-all.ts';

const ACTIONS: readonly Change['action'][] = ['created', 'configured', 'deleted', 'skipped', 'unchanged'];

/** How many resources see which action, such as `1 configured, 9 unchanged`. */
export function countActions(plan: Plan): string {
  const counts = ACTIONS.map((action) => ({
    action,
    count: plan.changes.filter((change) => change.action === action).length,
  }));
  const shown = counts.filter(({ count }) => count > 0).map(({ action, count }) => `${count} ${action}`);
  return shown.join(', ') || 'no resources';
}

/** What one pass came to, in one sentence. */
function describeOutcome({ plan, delivered }: Outcome): string {
  if (plan.held)
    return `held: ${plan.held.message}; nothing was changed. To deliver it all the same: --approve ${plan.digest}`;
  const idle =
    delivered && plan.changes.every(({ action }) => action === 'unchanged' || action === 'skipped');
  return idle ? `${countActions(plan)}, inventory recorded` : countActions(plan);
}

/** What became of a set in one sentence, also where it failed. */
export function describeResult({ outcome, error, suspended }: SetResult): string {
  if (suspended) return 'suspended';
  return outcome ? describeOutcome(outcome) : (error?.message ?? 'failed');
}

/** Files that should have gone but were left, each with its reason. */
export function skippedFiles(plan: Plan): string[] {
  const skipped = plan.changes.filter(({ action }) => action === 'skipped');
  return skipped.map(({ path, reason }) => `${path}: ${reason}`);
}

/** The result as JSON for programs: stable names, no texts of files. */
export function resultToJson(result: SetResult): object {
  const { metadata } = result.loaded.set;
  const { outcome, error } = result;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    ready: error === undefined,
    ...(result.suspended && { suspended: true }),
    message: describeResult(result),
    ...(outcome?.revision !== undefined && { revision: outcome.revision }),
    ...(outcome && { delivered: outcome.delivered, ...planToJson(outcome.plan) }),
  };
}

/** The plan as JSON for programs. */
export function planToJson({ changes, held, digest }: Plan): object {
  return {
    digest,
    ...(held && { held }),
    changes: changes.map(({ id, action, path, reason, evidence }) => ({
      id,
      action,
      path,
      ...(reason !== undefined && { reason }),
      ...(evidence.length > 0 && { evidence }),
    })),
  };
}
