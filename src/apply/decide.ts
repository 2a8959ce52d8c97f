import type { WatchedObject } from '../clients/cluster/shared-watches.ts';
import { isAbort } from './abort.ts';
import type { AppliedObjects, Place } from './applied-objects.ts';
import { type ClusterAccess, PARALLEL } from './cluster-access.ts';
import type { DesiredObject } from './desired-object.ts';
import { askedFor, type Failure, kindMissing, toFailure } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { isOwnedBy, otherOwner, type SetName } from './owner.ts';
import { findLive, readLive } from './read-metadata.ts';
import { describeRival } from './rival.ts';

/** What a pass works with. */
export interface ApplyContext extends ClusterAccess {
  readonly set: SetName;
  readonly applied: AppliedObjects;
  /** Milliseconds of the monotonic clock. */
  now(): number;
  readonly signal: AbortSignal;
}

/** What is to be done about a desired object. */
export interface Decision {
  readonly object: DesiredObject;
  readonly action: 'created' | 'configured' | 'unchanged' | 'skipped';
  /** Why it is skipped. */
  readonly reason?: string;
  /** The object as it is; undefined when it is not there, or is nobody's and so is not watched. */
  readonly live?: WatchedObject;
  /** The text is the one that was applied last: somebody else has changed its fields since. */
  readonly isDrift: boolean;
  /** Why the pass must fail for it, though nothing is sent. */
  readonly failure?: Failure;
}

/** Compares each desired object with the one in the cluster, which costs nothing where it is watched. */
export async function decideAll(
  objects: readonly DesiredObject[],
  context: ApplyContext,
): Promise<Decision[]> {
  const decisions = new Map<string, Decision>();
  await inParallel(objects, PARALLEL, async (object) => {
    decisions.set(object.id, await decide(object, context));
  });
  return objects.map(({ id }) => decisions.get(id) as Decision);
}

async function decide(object: DesiredObject, context: ApplyContext): Promise<Decision> {
  const { place, id, problem, resource } = object;
  if (problem !== undefined) return fail(object, { id, reason: problem });
  if (object.mode === 'Ignore') return skip(object, 'annotation generatorset.dev/ssa is Ignore');
  if (!place)
    return { ...fail(object, kindMissing(id, resource.apiVersion, resource.kind)), action: 'created' };
  if (object.isComing) return { object, action: 'created', isDrift: false };
  try {
    return await compare(object, await find(object, place, context), context);
  } catch (error) {
    if (isAbort(error, context.signal)) throw error;
    return fail(object, toFailure(place, error, askedFor(object, context.client)));
  }
}

/** An object without our labels shows in no watch; where only its presence counts, it is read. */
async function find(
  { mode }: DesiredObject,
  place: Place,
  { applied, client, signal }: ApplyContext,
): Promise<WatchedObject | undefined> {
  const live = await findLive(applied, client, place, signal);
  return live ?? (mode === 'IfNotPresent' ? readLive(client, place, signal) : undefined);
}

async function compare(
  object: DesiredObject,
  live: WatchedObject | undefined,
  context: ApplyContext,
): Promise<Decision> {
  const { id, digest, mode } = object;
  const { applied, set } = context;
  const owner = live && otherOwner(live, set);
  if (owner !== undefined) return fail(object, { id, reason: describeClaim(owner, set) }, live);
  if (live && mode === 'IfNotPresent') {
    // Should it go, it is made again.
    if (isOwnedBy(live, set)) applied.remember(id, live);
    return { ...skip(object, 'it is present, and annotation generatorset.dev/ssa is IfNotPresent'), live };
  }
  if (live && applied.isAsApplied(id, digest, live))
    return { object, action: 'unchanged', live, isDrift: false };
  const isDrift = applied.hasApplied(id, digest);
  if (isDrift && applied.fights.isFighting(id, digest, context.now())) return rest(object, live, context);
  return live ? { object, action: 'configured', live, isDrift } : { object, action: 'created', isDrift };
}

/** A fight is not fought for a while. */
async function rest(
  object: DesiredObject,
  live: WatchedObject | undefined,
  { applied, client, signal }: ApplyContext,
): Promise<Decision> {
  const rival = await applied.fights.rival(object.id, () =>
    describeRival(object.place as Place, client, signal),
  );
  const reason = `it was rewritten 3 times within 10 minutes and ${rival} changed it again: it rests for 10 minutes`;
  return { ...skip(object, reason), ...(live && { live }) };
}

/** Two sets render one object: neither may take it from the other. */
export function describeClaim(owner: string, { namespace, name }: SetName): string {
  return `two sets claim it, ${owner} and GeneratorSet/${namespace}/${name}: remove it from one of them`;
}

function skip(object: DesiredObject, reason: string): Decision {
  return { object, action: 'skipped', reason, isDrift: false };
}

function fail(object: DesiredObject, failure: Failure, live?: WatchedObject): Decision {
  return { ...skip(object, failure.reason), failure, ...(live && { live }) };
}
