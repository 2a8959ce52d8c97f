import { StalledError, WaitingError } from '../api/errors.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { Requests } from '../api/requests.ts';
import { readRequests } from '../api/requests.ts';
import { NotLeaderError } from '../clients/cluster/cluster-client.ts';
import { createClusterReader } from '../clients/cluster/cluster-reader.ts';
import { checkDependencies } from '../reconcile/dependencies.ts';
import { hasComeSince, nextRun } from '../reconcile/next-run.ts';
import { type Outcome, reconcile } from '../reconcile/reconcile.ts';
import type { Pass, Step } from '../reconcile/world.ts';
import { addFinalizer } from '../status/finalizer.ts';
import type { StatusSession } from '../status/status-writer.ts';
import { createClusterWorld } from './cluster-world.ts';
import { finishPass } from './finish-pass.ts';
import type { Handling, Verdict } from './handling.ts';
import type { StoredLoadedSet } from './load-stored-set.ts';
import { clientFor } from './set-account.ts';
import { describeFailure, describeSuccess } from './to-outcome.ts';
import { timingOf } from './until-due.ts';

/** One pass over a set of the cluster, with its status and its events. */
export async function makePass(loaded: StoredLoadedSet, handling: Handling): Promise<Verdict> {
  const { runtime, parts, signal } = handling;
  const requests = readRequests(loaded.set.metadata.annotations, loaded.set.status);
  const session = await parts.status.open(loaded.object, signal);
  const begun = parts.clock.monotonic();
  const begunAt = parts.clock.now();

  const isTime = hasComeSince(timingOf(loaded.set, handling));
  const all = runtime.begin(handling.stored, requests.isRequested || isTime);
  const ended = await attempt(loaded, { ...handling, session, requests, all });
  // Nothing may be written any more, or the process ends: whoever comes next begins anew.
  if (ended.error instanceof NotLeaderError) throw ended.error;
  if (ended.error) signal.throwIfAborted();

  const outcome = ended.outcome ? describeSuccess(ended.outcome) : describeFailure(ended.error, ended.step);
  await finishPass({ ...handling, object: loaded.object, session, requests }, { ...ended, outcome, begun });
  return conclude(loaded.set, handling, { ...ended, begunAt });
}

/** What came of the steps; `step` is the last that began. */
type Attempt = { readonly step: Step; readonly elements?: number } & (
  | { readonly outcome: Outcome; readonly error?: undefined }
  | { readonly error: Error; readonly outcome?: undefined }
);

interface AttemptOptions extends Handling {
  readonly session: StatusSession;
  readonly requests: Requests;
  readonly all: boolean;
}

async function attempt(loaded: StoredLoadedSet, options: AttemptOptions): Promise<Attempt> {
  const { runtime, parts, session, requests, all, signal } = options;
  const at: { step: Step; elements?: number } = { step: 'generate' };
  const onStep: Pass['onStep'] = (step, elements) => {
    at.step = step;
    if (step === 'render') runtime.generated();
    if (elements !== undefined) at.elements = elements;
  };
  try {
    const { set, object } = loaded;
    const client = clientFor(set, parts);
    const reader = createClusterReader({ client, discovery: parts.discovery });
    const objects = runtime.references.reader({ ...parts, client, reader });
    await checkDependencies(set, { objects, allowCrossNamespace: parts.allowCrossNamespace, signal });
    if (isApplied(set)) await addFinalizer(parts.client, object, signal);
    const place = { runtime, client, objects, keeper: session.keeper, force: requests.isForced };
    const world = createClusterWorld(parts, place);
    const outcome = await reconcile(loaded, world, { memory: runtime.memory, all, onStep, signal });
    return { ...at, outcome };
  } catch (error) {
    return { ...at, error: error as Error };
  } finally {
    runtime.references.endPass();
  }
}

/** Whether a set's resources go to the cluster, so that there is something to delete with it. */
function isApplied({ spec }: GeneratorSet): boolean {
  return spec.target?.git === undefined && spec.target?.directory === undefined;
}

/** Remembers how the pass ended, and says when the next begins. */
function conclude(
  set: GeneratorSet,
  { stored, runtime, parts }: Handling,
  ended: Attempt & { begunAt: number },
): Verdict {
  const { outcome, error, begunAt } = ended;
  if (error instanceof StalledError) {
    runtime.end('stalled');
    return { result: 'success', ran: true };
  }
  if (error) {
    runtime.end('failed');
    if (error instanceof WaitingError) return { result: 'requeue_after', after: error.retryAfter, ran: true };
    return { result: 'error', retry: true, ran: true };
  }
  // From its beginning: a time of the schedule that came meanwhile is not lost.
  runtime.end('well', begunAt);
  // A held plan waits for an approval, which may come while nobody runs.
  if (!outcome.plan.held) parts.checkpoint.set(stored.uid, stored.generation, begunAt);
  const after = nextRun(timingOf(set, { stored, runtime, parts }));
  return after === undefined
    ? { result: 'success', ran: true }
    : { result: 'requeue_after', after, ran: true };
}
