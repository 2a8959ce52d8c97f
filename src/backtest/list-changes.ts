import type { Decision } from '../api/decision.ts';
import { describeResource } from '../api/resource.ts';
import type { Change } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';
import type { DecisionChange, PastChange, PastCommit } from './backtest-result.ts';

/** A commit lists so many resources; the others are counted. */
const MAX_LISTED = 500;

/** The resources that a plan changes, with the leaves that are known to change. */
export function listChanges({ changes }: Plan): Pick<PastCommit, 'changes' | 'omitted'> {
  const real = changes.filter(({ action }) => action !== 'unchanged' && action !== 'skipped');
  return {
    changes: real.slice(0, MAX_LISTED).map(toPastChange),
    omitted: Math.max(0, real.length - MAX_LISTED),
  };
}

/** The tuned values that are new, another one, or gone; in the order in which they stand. */
export function decisionChanges(
  before: readonly Decision[] = [],
  after: readonly Decision[] = [],
): DecisionChange[] {
  const old = new Map(before.map((decision) => [keyOf(decision), decision]));
  const present = new Set(after.map(keyOf));
  const changed = after.filter((decision) => old.get(keyOf(decision))?.value !== decision.value);
  const gone = before.filter((decision) => !present.has(keyOf(decision)));
  return [
    ...changed.map((decision) => toChange(decision, old.get(keyOf(decision)))),
    ...gone.map(({ element, name, value }) => ({ element, name, previous: value })),
  ];
}

function keyOf({ element, name }: Decision): string {
  return JSON.stringify([element, name]);
}

function toChange(
  { element, name, value, rule, input }: Decision,
  old: Decision | undefined,
): DecisionChange {
  return { element, name, ...(old && { previous: old.value }), value, rule, input };
}

function toPastChange({ id, action, resource, evidence }: Change): PastChange {
  return {
    resource: resource ? describeResource(resource) : id,
    action,
    fields: evidence.map(({ field, before, after }) => ({
      field,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    })),
  };
}
