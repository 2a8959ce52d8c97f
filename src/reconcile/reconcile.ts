import { setTimeout as delay } from 'node:timers/promises';
import type { Decision } from '../api/decision.ts';
import type { GeneratedElement } from '../api/element.ts';
import type { ElementState } from '../api/element-state.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { commitMessage } from '../commit/commit-message.ts';
import { renewDigest } from '../decide/hold-large-changes.ts';
import { backoff } from '../lib/backoff.ts';
import { serially } from '../lib/serially.ts';
import { type DesiredFile, toDesiredObjects } from '../plan/desired-file.ts';
import { diff, isRealChange } from '../plan/diff.ts';
import { makePlan } from '../plan/guard.ts';
import { forgetOldKeys, keepHeld } from '../plan/keep-held.ts';
import { keepOrder } from '../plan/keep-order.ts';
import { differ, nextState, standingDecisions } from '../plan/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { State } from '../plan/state.ts';
import { type Delivered, type Previous, type Target, TargetMovedError } from '../plan/target.ts';
import { generateSet } from './generate-set.ts';
import { nameFiles } from './name-files.ts';
import { readApprovals } from './read-approvals.ts';
import { type RenderedSet, renderElements } from './render-set.ts';
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
  /** Of each element, where elements have keys or are tuned. */
  readonly elements: readonly ElementState[];
  /** The tuned values that stand, or would stand where the plan is held. */
  readonly decisions: readonly Decision[];
  /** The tuned values that stood before the pass; absent: none. */
  readonly remembered?: readonly Decision[];
  /** Elements that may hold values of a Secret, as decisions name them; absent: none. */
  readonly secretElements?: ReadonlySet<string>;
}

/** One pass over one GeneratorSet. Level-based: safe to repeat at any time, after any interruption. */
export async function reconcile(loaded: LoadedSet, world: World, pass: Pass): Promise<Outcome> {
  const target = await world.openTarget(loaded.set, pass.signal);

  // Generate
  const elements = await generateSet(loaded, world, pass);

  // Decide, render, plan and deliver; sets of one target take turns, since each moves it
  const desire = { elements, target, world, pass };
  const outcome = await serially(target.key, () => bringAbout(loaded, desire), pass.signal);
  if (outcome.plan.held) return outcome;

  // What was delivered may have to become ready
  pass.onStep?.('settle');
  await target.settle?.(pass.signal);
  return outcome;
}

/** Makes the plan of a pass, and delivers nothing. */
export async function planSet(loaded: LoadedSet, world: World, pass: Pass): Promise<PlannedSet> {
  const target = await world.openTarget(loaded.set, pass.signal);
  const elements = await generateSet(loaded, world, pass);
  return planAsItIs(loaded, { elements, target, world, pass });
}

/** The elements of a set, and where their resources are wanted. */
interface Desire {
  readonly elements: readonly GeneratedElement[];
  readonly target: Target;
  readonly world: World;
  readonly pass: Pass;
}

/** Plans for the target as it is, and delivers; a target that moves meanwhile is read and planned for again. */
async function bringAbout(loaded: LoadedSet, desire: Desire): Promise<Outcome> {
  const { world, pass } = desire;
  for (let tries = 1; ; tries++) {
    // Decide, render, plan, and hold what the guard does not allow
    const planned = await planAsItIs(loaded, desire);
    const { plan, previous, rendered } = planned;
    const { elements, decisions = [], secretElements } = rendered;
    const remembered = previous.state?.decisions;
    const known = {
      ...{ elements, decisions },
      ...(remembered && { remembered }),
      ...(secretElements && { secretElements }),
    };
    const revision = previous.revision === undefined ? {} : { revision: previous.revision };
    if (plan.held || !planned.isReal) return { plan, delivered: false, ...revision, ...known };

    // Deliver
    pass.onStep?.('deliver');
    try {
      const { unchanged, ...place } = await deliver(loaded, desire, planned);
      return { plan: afterDelivery(plan, unchanged), delivered: true, ...place, ...known };
    } catch (error) {
      if (!(error instanceof TargetMovedError) || tries === MAX_TRIES) throw error;
      await delay(backoff(tries, world.random, { min: 50, max: 1000 }), undefined, { signal: pass.signal });
    }
  }
}

/** A plan, and what it was made from. */
export interface PlannedSet {
  readonly plan: Plan;
  /** Whether its delivery would change anything: a resource, or what is remembered. */
  readonly isReal: boolean;
  readonly rendered: RenderedSet;
  readonly desired: readonly DesiredFile[];
  readonly previous: Previous;
  /** What the target remembers, as far as it still means something. */
  readonly known?: State;
}

/** The changes that a target needs as it is now, as the guard lets them through or holds them. */
async function planAsItIs(loaded: LoadedSet, { elements, target, world, pass }: Desire): Promise<PlannedSet> {
  const { set } = loaded;
  const approved = readApprovals(pass.approved, set.metadata.annotations);

  pass.onStep?.('plan');
  const previous = await target.read(pass.signal);
  const { state } = previous;

  pass.onStep?.('render', elements.length);
  const rendered = renderElements(loaded, elements, { state, approved, world });
  const { resources, held, heldChanges } = rendered;
  const desired = target.compare
    ? toDesiredObjects(resources)
    : await keepOrder(nameFiles(loaded, resources, world), previous, pass.signal);

  pass.onStep?.('plan');
  const { templates } = set.spec;
  const places = { source: loaded.source, templates };
  const options = { owner: set.metadata, keep: keepHeld(held), set: places, signal: pass.signal };
  const known = state && forgetOldKeys(state, rendered.elements);
  const before = known === state ? previous : { ...previous, state: known };
  const compared = await target.compare?.(desired, before, options);
  const changes = compared?.changes ?? (await diff(desired, before, options));
  const isReal = compared?.isReal ?? isRealChange(changes, known, desired);
  const made = makePlan(changes, known, { guard: set.spec.guard, now: world.now(), approved });
  const released = [...(made.released ?? []), rendered.released].filter((digest) => digest !== undefined);
  const plan = { ...made, ...(heldChanges && { heldChanges }), ...(released.length > 0 && { released }) };
  const decisions = known && rendered.decisions && standingDecisions(changes, rendered.decisions, known);
  const standing = { ...rendered, ...(decisions && { decisions }) };
  const decisionsDiffer = differ(state?.decisions, standing.decisions);
  return {
    ...{ plan, isReal: isReal || decisionsDiffer, rendered: standing, desired, previous },
    ...(known && { known }),
  };
}

/**
 * The plan as it was carried out. An approval of what is still held is void by the delivery: the digest that it needs
 * now is told.
 */
function afterDelivery({ heldChanges, changes, ...plan }: Plan, unchanged: readonly string[] = []): Plan {
  const left = new Set(unchanged);
  return {
    ...plan,
    changes: changes.map((change) => (left.has(change.id) ? { ...change, action: 'unchanged' } : change)),
    ...(heldChanges && { heldChanges: renewDigest(heldChanges, plan.digest) }),
  };
}

function deliver(
  { set }: LoadedSet,
  { target, world, pass }: Desire,
  { plan, desired, previous, known, rendered }: PlannedSet,
): Promise<Delivered> {
  const next = nextState(plan, { desired, ...rendered }, known, world.now());
  const delivery = {
    ...{ plan, next, previous },
    // Only a commit asks for it.
    get message() {
      return commitMessage(set.metadata, plan);
    },
  };
  return target.deliver(delivery, pass.signal);
}
