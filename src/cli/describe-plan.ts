import type { ElementState } from '../api/element-state.ts';
import { escapeText } from '../lib/escape-text.ts';
import { approvalOf } from '../plan/approval-of.ts';
import type { Change } from '../plan/change.ts';
import { describeName, nameId } from '../plan/find-resource.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import type { SetResult } from '../reconcile/reconcile-all.ts';

const ACTIONS: readonly Change['action'][] = ['created', 'configured', 'deleted', 'skipped', 'unchanged'];

/** Held elements that are named one by one; of more than these, how many. */
const MAX_NAMED = 10;

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
function describeOutcome({ plan, delivered, elements }: Outcome): string {
  if (plan.held)
    return `held: ${plan.held.message}; nothing was changed. To deliver it all the same: --approve ${approvalOf(plan)}`;
  const idle =
    delivered && plan.changes.every(({ action }) => action === 'unchanged' || action === 'skipped');
  const done = idle ? `${countActions(plan)}, what is remembered was recorded` : countActions(plan);
  return [done, ...describeHolds(plan, elements)].join('; ');
}

/** What a pass does not do although the plan itself is not held: a clause for elements, one for tuned values. */
export function describeHolds({ heldChanges }: Plan, elements: readonly ElementState[]): string[] {
  const held = elements.filter(({ phase }) => phase === 'Held').length;
  const clauses = held > 0 ? [`${held} of ${elements.length} elements held`] : [];
  if (!heldChanges) return clauses;
  return [
    ...clauses,
    `held: ${heldChanges.message}. To make the change all the same: --approve ${heldChanges.digest}`,
  ];
}

/** The first held elements, each with its reason, and how many there are beside them. */
export function heldElements(elements: readonly ElementState[]): string[] {
  const held = elements.filter(({ phase }) => phase === 'Held');
  const lines = held.slice(0, MAX_NAMED).map(({ key, reason, message }) => {
    // Messages about decisions name their reasons themselves.
    const why = message.includes(reason) ? message : `${reason}: ${message}`;
    return `element ${escapeText(key, 200)} is held: ${why}`;
  });
  return held.length > MAX_NAMED ? [...lines, `${held.length - MAX_NAMED} more elements are held`] : lines;
}

/** What became of a set in one sentence, also where it failed. */
export function describeResult({ outcome, error, suspended }: SetResult): string {
  if (suspended) return 'suspended';
  return outcome ? describeOutcome(outcome) : (error?.message ?? 'failed');
}

/** What is left as it is or is to be known of a change, each with its reason; not of held elements and refusals. */
export function skippedFiles(plan: Plan): string[] {
  const told = plan.changes.filter(
    ({ reason, isKept, isRefused }) => reason !== undefined && !isKept && !isRefused,
  );
  return told.map((change) => `${nameChange(change)}: ${change.reason}`);
}

/** What would be refused, each with its reason: a pass that has to do it fails. */
export function refusals({ changes }: Plan): string[] {
  return changes.filter(({ isRefused }) => isRefused).map(({ reason = 'it is refused' }) => reason);
}

/** The file of a change; for what is applied, the object. */
export function nameChange({ id, path }: Pick<Change, 'id' | 'path'>): string {
  return path === id ? describeName({ ...nameId(id), id, paths: [] }) : path;
}

/** Those of the approved digests that released nothing in any of the passes. */
export function unusedApprovals(
  approved: readonly string[] | undefined,
  plans: readonly (Plan | undefined)[],
): string[] {
  const used = new Set(plans.flatMap((plan) => plan?.released ?? []));
  return [...new Set(approved)].filter((digest) => !used.has(digest));
}

/** Says that an approval came to nothing, and what may have become of what it was meant for. */
export function notHeld(digest: string): string {
  return `--approve ${digest}: nothing that is held has this digest. An approval is void once anything was delivered, or when the world has changed since; plan shows what is held now`;
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
    ...(outcome && {
      delivered: outcome.delivered,
      ...planToJson(outcome.plan),
      elements: outcome.elements,
    }),
  };
}

/** The plan as JSON for programs. */
export function planToJson({ changes, held, heldChanges, digest }: Plan): object {
  return {
    digest,
    ...(held && { held }),
    ...(heldChanges && { heldChanges }),
    changes: changes.map(({ id, action, path, reason, evidence }) => ({
      id,
      action,
      path,
      ...(reason !== undefined && { reason }),
      ...(evidence.length > 0 && { evidence }),
    })),
  };
}
