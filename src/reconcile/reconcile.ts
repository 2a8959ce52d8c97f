import { setTimeout as delay } from 'node:timers/promises';
import type { LoadedSet } from '../api/read-sets.ts';
import { commitMessage } from '../commit/commit-message.ts';
import { backoff } from '../lib/backoff.ts';
import { serially } from '../lib/serially.ts';
import { type DesiredFile, toDesiredObjects } from '../plan/desired-file.ts';
import { diff, isRealChange } from '../plan/diff.ts';
import { makePlan } from '../plan/guard.ts';
import { nextState } from '../plan/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import { type Previous, type Target, TargetMovedError } from '../plan/target.ts';
import { nameFiles } from './name-files.ts';
import { renderSet } from './render-set.ts';
import type { Pass, World } from './world.ts';

/** How often a target that moves under a plan is planned for again. */
const MAX_TRIES = 10;

/** What one pass over a set came to. */
export interface Outcome {
  readonly plan: Plan;
  /** Whether anything was delivered; a held or an empty plan delivers nothing. */
  readonly delivered: boolean;
  /** The target's revision that holds the set's resources now. */
  readonly revision?: string;
}

/** One pass over one GeneratorSet. Level-based: safe to repeat at any time, after any interruption. */
export async function reconcile(loaded: LoadedSet, world: World, pass: Pass): Promise<Outcome> {
  const target = await world.openTarget(loaded.set, pass.signal);

  // Generate and render
  const resources = await renderSet(loaded, world, pass);
  const desired = target.compare ? toDesiredObjects(resources) : nameFiles(loaded, resources, world);

  // Plan and deliver; sets of one target take turns, since each moves it
  const outcome = await serially(target.key, () => bringAbout(loaded, { desired, target, world, pass }));
  if (outcome.plan.held) return outcome;

  // What was delivered may have to become ready
  pass.onStep?.('settle');
  await target.settle?.(pass.signal);
  return outcome;
}

/** A desired world, and where it is wanted. */
interface Desire {
  readonly desired: readonly DesiredFile[];
  readonly target: Target;
  readonly world: World;
  readonly pass: Pass;
}

/** Plans for the target as it is, and delivers; a target that moves meanwhile is read and planned for again. */
async function bringAbout(loaded: LoadedSet, desire: Desire): Promise<Outcome> {
  const { target, world, pass } = desire;
  for (let tries = 1; ; tries++) {
    // Plan, and hold what the guard does not allow
    pass.onStep?.('plan');
    const previous = await target.read(pass.signal);
    const { plan, isReal } = await planSet(loaded, { ...desire, previous });
    const revision = previous.revision === undefined ? {} : { revision: previous.revision };
    if (plan.held || !isReal) return { plan, delivered: false, ...revision };

    // Deliver
    pass.onStep?.('deliver');
    try {
      return { plan, delivered: true, ...(await deliver(loaded, { ...desire, previous }, plan)) };
    } catch (error) {
      if (!(error instanceof TargetMovedError) || tries === MAX_TRIES) throw error;
      await delay(backoff(tries, world.random, { min: 50, max: 1000 }), undefined, { signal: pass.signal });
    }
  }
}

/** The changes that a target needs, as the guard lets them through or holds them. */
export async function planSet(
  { set }: LoadedSet,
  { desired, previous, target, world, pass }: Desire & { previous: Previous },
): Promise<{ plan: Plan; isReal: boolean }> {
  const compared = await target.compare?.(desired, previous, pass.signal);
  const changes = compared?.changes ?? (await diff(desired, previous, set.metadata, pass.signal));
  const isReal = compared?.isReal ?? isRealChange(changes, previous.state);
  const approved = pass.approved ?? set.metadata.annotations?.[APPROVE_ANNOTATION];
  const plan = makePlan(changes, previous.state, {
    guard: set.spec.guard,
    now: world.now(),
    ...(approved !== undefined && { approved }),
  });
  return { plan, isReal };
}

/** Releases the one held plan that has this digest. */
const APPROVE_ANNOTATION = 'generatorset.dev/approve';

function deliver(
  { set }: LoadedSet,
  { desired, target, world, pass, previous }: Desire & { previous: Previous },
  plan: Plan,
): Promise<{ revision?: string }> {
  const next = nextState(plan, desired, previous.state, world.now());
  const message = commitMessage(set.metadata, plan);
  return target.deliver({ plan, next, previous, message }, pass.signal);
}
