import { formatDuration } from '../../lib/duration.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { changeSet } from './change-set.ts';
import { chooseSets, forEachSet } from './for-each-set.ts';
import { hasOutcome } from './reconcile-set.ts';
import { reportReady } from './report-ready.ts';
import { type SetView, viewSet } from './set-view.ts';
import type { SetName } from './stored-sets.ts';
import { SUSPEND_REASON } from './suspend-sets.ts';
import { waitForSet } from './wait-for-set.ts';

/** The options of `resume`. */
export interface ResumeOptions extends ClusterOptions {
  readonly all?: boolean;
  /** As in Flux: absent, it is waited for where exactly one set is named. */
  readonly wait?: boolean;
}

/** Resumes sets, and waits for the passes over them where that is wanted. Throws when one of them failed. */
export async function resumeSets(
  session: ClusterSession,
  names: readonly string[],
  options: ResumeOptions,
): Promise<void> {
  const { namespace, all = false, wait = names.length === 1 } = options;
  const sets = await chooseSets(session, { names, namespace, all });
  await forEachSet(session, sets, async (set) => {
    const resumed = await resume(session, set);
    if (wait) await awaitPass(session, { set, resumed, options });
  });
}

async function resume(session: ClusterSession, set: SetName): Promise<SetView> {
  session.printer.action(`resuming GeneratorSet ${set.name} in namespace ${set.namespace}`);
  const object = await changeSet(session, set, {
    metadata: { annotations: { [SUSPEND_REASON]: null } },
    spec: { suspend: null },
  });
  session.printer.success(`GeneratorSet ${set.name} resumed`);
  return viewSet(object);
}

async function awaitPass(
  session: ClusterSession,
  { set, resumed, options }: { set: SetName; resumed: SetView; options: ResumeOptions },
): Promise<void> {
  session.printer.waiting('waiting for the pass');
  const view = await waitForSet(session, {
    name: set,
    uid: resumed.metadata.uid,
    isReached: hasOutcome,
    overdue: ({ isCurrent, ready }) =>
      `GeneratorSet ${set.name} is not ready after ${formatDuration(options.timeout)}: ` +
      `${(isCurrent && ready?.message) || `no controller has made a pass: see ${session.program} check`}`,
  });
  reportReady(session, view, options);
}
