import type { StandingDecision } from '../api/decision.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { PlannedSet } from '../reconcile/reconcile.ts';
import { planToJson } from './describe-plan.ts';

/** The plan of one set, and where it would be delivered. */
export interface PlanReport extends PlannedSet {
  readonly loaded: LoadedSet;
  /** For people, without credentials. */
  readonly target: string;
}

/** A tuned value after the plan, and the one that stands now; absent where there is none yet. */
export interface DecisionChange extends StandingDecision {
  readonly before?: string;
}

/** The tuned values of all elements, also of those that are not rendered; the held ones with their reason. */
export function decisionsOf({ rendered, previous }: PlanReport): DecisionChange[] {
  const keyOf = ({ element, name }: StandingDecision): string => JSON.stringify([element, name]);
  const standing = rendered.resources.flatMap(({ from }) => from.decisions ?? []);
  // Those that templates saw also say why they are what they are.
  const decisions = new Map([...(rendered.decisions ?? []), ...standing].map((it) => [keyOf(it), it]));
  const before = new Map((previous.state?.decisions ?? []).map((it) => [keyOf(it), it.value]));
  return [...decisions].map(([key, decision]) => {
    const value = before.get(key);
    return value === undefined ? decision : { ...decision, before: value };
  });
}

/** The report as data for programs; `commandFor` gives the command that approves a digest. */
export function reportToJson(report: PlanReport, commandFor: (digest: string) => string): object {
  const { loaded, target, plan, isReal, rendered, previous } = report;
  const { metadata, spec } = loaded.set;
  const { held, heldChanges, ...rest } = planToJson(plan) as Record<string, object>;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    ...(spec.suspend && { suspended: true }),
    target,
    ...(previous.revision !== undefined && { revision: previous.revision }),
    differs: isReal,
    ...(held && { held: { ...held, approve: commandFor(plan.digest) } }),
    ...(plan.heldChanges && {
      heldChanges: { ...heldChanges, approve: commandFor(plan.heldChanges.digest) },
    }),
    ...rest,
    elements: rendered.elements,
    decisions: decisionsOf(report),
  };
}
