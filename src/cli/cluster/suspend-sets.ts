import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { changeSet } from './change-set.ts';
import { chooseSets, forEachSet } from './for-each-set.ts';

/** Flux's annotation that says why an object is suspended. */
export const SUSPEND_REASON = 'suspend.toolkit.fluxcd.io/reason';

/** The options of `suspend`. */
export interface SuspendOptions extends ClusterOptions {
  readonly all?: boolean;
  readonly reason?: string;
}

/** Suspends sets, one after the other. Throws when it has tried all and one failed. */
export async function suspendSets(
  session: ClusterSession,
  names: readonly string[],
  { namespace, all = false, reason }: SuspendOptions,
): Promise<void> {
  const { printer } = session;
  const sets = await chooseSets(session, { names, namespace, all });
  await forEachSet(session, sets, async (set) => {
    printer.action(`suspending GeneratorSet ${set.name} in namespace ${namespace}`);
    await changeSet(session, set, {
      ...(reason !== undefined && { metadata: { annotations: { [SUSPEND_REASON]: reason } } }),
      spec: { suspend: true },
    });
    printer.success(`GeneratorSet ${set.name} suspended`);
  });
}
