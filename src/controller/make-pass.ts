import { StalledError, WaitingError } from '../api/errors.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { Requests } from '../api/requests.ts';
import { readRequests } from '../api/requests.ts';
import { NotLeaderError } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkDependencies } from '../reconcile/dependencies.ts';
import { hasComeSince, nextRun } from '../reconcile/next-run.ts';
import { type Outcome, reconcile } from '../reconcile/reconcile.ts';
import type { Pass, Step } from '../reconcile/world.ts';
import { addFinalizer, hasFinalizer } from '../status/finalizer.ts';
import type { StatusSession } from '../status/status-writer.ts';
import { createClusterWorld } from './cluster-world.ts';
import { type Ended, finishPass } from './finish-pass.ts';
import type { Handling, Verdict } from './handling.ts';
import type { StoredLoadedSet } from './load-stored-set.ts';
import { createPassSignal, type PassSignal } from './pass-signal.ts';
import { recordGenerators, recordOutcome, recordRun } from './record-pass.ts';
import { clientFor } from './set-account.ts';
import { readersFor } from './set-readers.ts';
import { describeFailure, describeSuccess } from './to-outcome.ts';
import { timingOf, untilLook } from './until-due.ts';

/** One pass over a set of the cluster, with its status and its events. */
export async function makePass(loaded: StoredLoadedSet, handling: Handling): Promise<Verdict> {
  const { runtime, parts, signal } = handling;
  const session = await parts.status.open(loaded.object, signal);
  // By the status as it was written last: the watch may not have brought it yet.
  const requests = readRequests(loaded.set.metadata.annotations, session.previous);
  const begun = parts.clock.monotonic();
  const begunAt = parts.clock.now();

  const timing = timingOf(loaded.set, handling);
  const asked = Math.max(...[timing.lastRun, runtime.lastAsked].map((at) => at ?? Number.NEGATIVE_INFINITY));
  const isTime = hasComeSince({ ...timing, lastRun: asked });
  const all = runtime.begin(handling.stored, requests.isRequested || isTime);
  const isRun = all || nextRun(timing) === 0;
  recordGenerators(loaded.set, handling);
  const course = createPassSignal(signal, runtime.leaving);
  const ended = await attempt(loaded, {
    ...{ ...handling, signal: course.signal },
    ...{ course, session, requests, all, begunAt },
  });
  course.release();
  // Nothing may be written any more, or the process ends: whoever comes next begins anew.
  if (ended.error instanceof NotLeaderError) throw ended.error;
  if (ended.error) signal.throwIfAborted();
  // Its key comes again, to finalize the set or to work on the one that took its place.
  if (ended.error && runtime.leaving.aborted) return { result: 'success', ran: false };
  if (ended.outcome) recordOutcome(loaded.set, ended.outcome, handling);

  await finishPass(
    { ...handling, object: loaded.object, session, requests },
    { ...describeAttempt(ended), begun },
  );
  return conclude(loaded.set, handling, { ...ended, ...(isRun && { begunAt }) });
}

/** What came of the steps; `step` is the last that began. */
type Attempt = { readonly step: Step; readonly elements?: number } & (
  | { readonly outcome: Outcome; readonly error?: undefined }
  | { readonly error: Error; readonly outcome?: undefined }
);

function describeAttempt({ outcome, error, step, elements }: Attempt): Omit<Ended, 'begun'> {
  const count = elements === undefined ? {} : { elements };
  if (!outcome) return { outcome: describeFailure(error, step), ...count };
  const { heldChanges } = outcome.plan;
  return {
    outcome: describeSuccess(outcome),
    ...count,
    elementStates: outcome.elements,
    ...(heldChanges && { heldChanges }),
  };
}

interface AttemptOptions extends Handling {
  readonly session: StatusSession;
  readonly requests: Requests;
  readonly all: boolean;
  readonly begunAt: number;
  readonly course: PassSignal;
}

async function attempt(loaded: StoredLoadedSet, options: AttemptOptions): Promise<Attempt> {
  const { runtime, parts, session, requests, all, begunAt, course, signal } = options;
  const at: { step: Step; elements?: number } = { step: 'generate' };
  const onStep: Pass['onStep'] = (step, elements) => {
    course.onStep(step);
    at.step = step;
    if (step !== 'generate') runtime.generated(begunAt);
    if (elements !== undefined) at.elements = elements;
  };
  try {
    const { set, object } = loaded;
    const { references } = runtime;
    const client = clientFor(set, parts);
    references.beginPass();
    const objectsFor = readersFor(set, options);
    const objects = objectsFor('depend');
    await checkDependencies(set, { objects, allowCrossNamespace: parts.allowCrossNamespace, signal });
    if (isApplied(set)) await holdSet(set, object, options);
    else runtime.applied.release();
    const place = { runtime, client, objectsFor, keeper: session.keeper, force: requests.isForced };
    const world = createClusterWorld(parts, place);
    const onRun: Pass['onRun'] = (run) => recordRun(set, run, options);
    const outcome = await reconcile(loaded, world, { memory: runtime.memory, all, onStep, onRun, signal });
    if (all) references.endPass();
    return { ...at, outcome };
  } catch (error) {
    return { ...at, error: error as Error };
  }
}

/** Makes sure that the set cannot go without what is applied for it. Throws when it is going already. */
async function holdSet({ metadata }: GeneratorSet, object: JsonObject, handling: Handling): Promise<void> {
  const held = await addFinalizer(handling.parts.client, object, handling.signal);
  if (held.isGone || (held.object && !hasFinalizer(held.object)))
    throw new Error(
      `GeneratorSet ${metadata.namespace}/${metadata.name} is being deleted: nothing is applied`,
    );
}

/** Whether a set's resources go to the cluster, so that there is something to delete with it. */
function isApplied({ spec }: GeneratorSet): boolean {
  return spec.target?.git === undefined && spec.target?.directory === undefined;
}

/**
 * Remembers how the pass ended, and says when the next begins. `begunAt` is absent for a mere look at what was
 * delivered, which puts off no query.
 */
function conclude(
  set: GeneratorSet,
  { stored, runtime, parts }: Handling,
  ended: Attempt & { begunAt?: number },
): Verdict {
  const { outcome, error, begunAt } = ended;
  if (error instanceof StalledError) {
    runtime.end('stalled');
    return { result: 'success', ran: true };
  }
  if (error) {
    runtime.end(error instanceof WaitingError ? 'waiting' : 'failed');
    if (error instanceof WaitingError) return { result: 'requeue_after', after: error.retryAfter, ran: true };
    return { result: 'error', retry: true, ran: true };
  }
  // From its beginning: a time of the schedule that came meanwhile is not lost.
  runtime.end('well', begunAt);
  // A held plan waits for an approval, which may come while nobody runs.
  if (!outcome.plan.held && runtime.lastRun !== undefined) {
    const references = runtime.references.kept();
    const run = { generation: stored.generation, at: runtime.lastRun, ...(references && { references }) };
    parts.checkpoint.set(stored.uid, run);
  }
  const wait = nextRun(timingOf(set, { stored, runtime, parts }));
  return wait === undefined
    ? { result: 'success', ran: true }
    : { result: 'requeue_after', after: untilLook(set, wait), ran: true };
}
