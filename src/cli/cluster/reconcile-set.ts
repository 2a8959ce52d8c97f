import { FORCE_AT, REQUESTED_AT } from '../../api/requests.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { notHeld } from '../describe-plan.ts';
import { quoteWord } from '../run-command.ts';
import { changeSet } from './change-set.ts';
import { reportReady } from './report-ready.ts';
import { type SetView, viewSet } from './set-view.ts';
import { readSet, type SetName } from './stored-sets.ts';
import { waitForSet } from './wait-for-set.ts';

/** Releases the held plan of this digest. */
const APPROVE = 'generatorset.dev/approve';

/** What a digest, or several with commas between them, may look like. */
const DIGESTS = /^sha256:[0-9a-f]{64}(?:,sha256:[0-9a-f]{64})*$/;

/** The options of `reconcile`. */
export interface ReconcileOptions extends ClusterOptions {
  readonly force?: boolean;
  readonly approve?: string;
  readonly wait: boolean;
}

/**
 * Asks for a pass as Flux does, by an annotation, and waits until the controller has followed it. A set that is held
 * is well. Throws for a set that is suspended, and when the pass fails.
 */
export async function reconcileSet(
  session: ClusterSession,
  name: string,
  options: ReconcileOptions,
): Promise<void> {
  const { printer } = session;
  const set: SetName = { namespace: options.namespace, name };
  if (options.approve !== undefined && !DIGESTS.test(options.approve)) {
    throw new Error('--approve takes a digest as the held plan shows it: sha256: and 64 hexadecimal digits');
  }
  const before = viewSet(await readSet(session, set));
  if (before.isSuspended) throw suspendedError(set, session.program);
  printer.action(`annotating GeneratorSet ${name} in namespace ${set.namespace}`);
  const token = new Date().toISOString();
  await changeSet(session, set, { metadata: { annotations: annotationsOf(token, options) } });
  printer.success('GeneratorSet annotated');
  if (!options.wait) return;
  printer.waiting('waiting for the pass');
  const after = await waitForSet(session, {
    name: set,
    uid: before.metadata.uid,
    isReached: (view) => view.status.lastHandledReconcileAt === token && hasOutcome(view),
    overdue: (view) => describeOverdue(view, token, { ...options, program: session.program }),
  });
  reportReady(session, after, options);
  for (const digest of unusedDigests(options, before, after)) printer.warning(notHeld(digest));
}

/**
 * What was approved and is no reason for anything: it was not held before, and the pass has delivered nothing new. A
 * hold that only this pass has found is not known before.
 */
export function unusedDigests(
  { approve }: Pick<ReconcileOptions, 'approve'>,
  before: Pick<SetView, 'status'>,
  after: Pick<SetView, 'status'>,
): string[] {
  const hasDelivered = before.status.lastAppliedRevision !== after.status.lastAppliedRevision;
  const digests = approve === undefined || hasDelivered ? [] : approve.split(',');
  return digests.filter((digest) => digest !== before.status.held?.digest);
}

/** Whether a pass over what is asked for now has ended; what is delivered may take a while to become ready. */
export function hasOutcome({ ready, isCurrent }: SetView): boolean {
  return isCurrent && ready !== undefined && ready.status !== 'Unknown';
}

function annotationsOf(token: string, { force, approve }: ReconcileOptions): Record<string, string> {
  return {
    [REQUESTED_AT]: token,
    ...(force && { [FORCE_AT]: token }),
    ...(approve !== undefined && { [APPROVE]: approve }),
  };
}

function suspendedError({ namespace, name }: SetName, program: string): Error {
  const command = `${program} resume ${quoteWord(name)} --namespace ${quoteWord(namespace)}`;
  return new Error(`GeneratorSet ${name} is suspended; to go on with it: ${command}`);
}

/** Nobody has followed the request, or its pass goes on. */
function describeOverdue(
  { status, ready }: SetView,
  token: string,
  { timeout, program }: ClusterOptions & Pick<ClusterSession, 'program'>,
): string {
  const time = formatDuration(timeout);
  if (status.lastHandledReconcileAt !== token) {
    return `no controller has made the pass within ${time}: see ${program} check, or give it more with --timeout`;
  }
  return `not ready after ${time}: ${ready?.message ?? 'no word of it'}; give it more with --timeout`;
}
