import type { ApplyTargetSpec } from '../api/generatorset-schema.ts';
import type { State } from '../plan/state.ts';
import type { Previous, StateKeeper, Target } from '../plan/target.ts';
import type { AppliedObjects } from './applied-objects.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { type Compared, compareObjects, isRealChange, toChanges } from './compare-objects.ts';
import { deliverObjects } from './deliver-objects.ts';
import { createExplainer } from './object-evidence.ts';
import type { SetName } from './owner.ts';
import { settleObjects } from './settle-objects.ts';

/** One pass of a set over its cluster. */
export interface ApplyTargetOptions extends ClusterAccess {
  readonly set: SetName;
  readonly spec: ApplyTargetSpec;
  /** What is remembered of the set between passes. */
  readonly applied: AppliedObjects;
  readonly keeper: StateKeeper;
  /** Force was asked for this pass, whatever the spec says. */
  readonly force?: boolean;
  /** Milliseconds of the monotonic clock. */
  now(): number;
}

/**
 * Applies a set's resources to the cluster, server-side: one request for an object that changes, none for one that
 * is as it was applied. Made anew for each pass; what lasts is in `applied` and with the keeper.
 */
export function createApplyTarget(options: ApplyTargetOptions): Target {
  const { set, keeper } = options;
  let compared: Compared | undefined;
  let revision: string | undefined;
  return {
    key: `cluster/${set.namespace}/${set.name}`,
    description: `the cluster, as ${options.client.user ?? 'the controller itself'}`,
    async read() {
      return createPrevious(keeper.state, () => revision);
    },
    async compare(files, previous, { keep, signal }) {
      compared = await compareObjects(files, previous.state, { ...options, keep, signal });
      const isReal = isRealChange(compared, previous.state);
      // What stands is what is desired.
      if (!isReal) revision = compared.revision;
      const { decisions = [] } = previous.state ?? {};
      const explain = createExplainer({ applied: options.applied, decisions });
      return { changes: toChanges(compared, explain), isReal };
    },
    async deliver(delivery, signal) {
      if (!compared) throw new Error('nothing was compared before the delivery');
      return deliverObjects(delivery, compared, { ...options, signal });
    },
    async settle(signal) {
      if (compared && options.spec.wait) await settleObjects(compared.decisions, { ...options, signal });
    },
  };
}

/** Objects have no texts in the cluster that could be compared as files are. */
function createPrevious(state: State | undefined, revision: () => string | undefined): Previous {
  return {
    ...(state && { state }),
    get revision() {
      return revision();
    },
    compare: () => 'absent',
    read: async () => new Map(),
  };
}
