import { WaitingError } from '../api/errors.ts';
import type { ApplyTargetSpec } from '../api/generatorset-schema.ts';
import { HEALTH_CHECK_FAILED } from '../api/reasons.ts';
import { isNotFound } from '../clients/cluster/api-error.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import { parseDuration } from '../lib/duration.ts';
import { DeliveryError } from '../plan/target.ts';
import { isAbort } from './abort.ts';
import type { Place } from './applied-objects.ts';
import { PARALLEL } from './cluster-access.ts';
import type { ApplyContext, Decision } from './decide.ts';
import { toFailure } from './failure.ts';
import { inOrder } from './in-order.ts';
import { inParallel } from './in-parallel.ts';
import { describeId } from './object-id.ts';
import { isReadyAtOnce, readReadiness } from './readiness.ts';
import { type Readiness, waiting } from './readiness-result.ts';

/** Milliseconds until the next look at objects that are on their way. */
const POLL = 2000;
/** Objects that a message names. */
const MAX_LISTED = 50;

/**
 * Looks whether what was applied does what it should; an object is looked at until it is ready, and again after its
 * next change. Throws a WaitingError until `spec.timeout` after the last delivery, then a DeliveryError; and at once
 * when an object has failed for good.
 */
export async function settleObjects(
  decisions: readonly Decision[],
  context: ApplyContext & { readonly spec: ApplyTargetSpec },
): Promise<void> {
  const { applied, now, spec } = context;
  const places = decisions
    .filter(({ object }) => object.mode !== 'Ignore')
    .flatMap(({ object }) => object.place ?? []);
  const unready = await lookAt(
    places.filter(({ id, kind }) => !isReadyAtOnce(kind) && !applied.isReady(id)),
    context,
  );
  const [first] = unready;
  if (!first) return;
  const failed = unready.filter(({ state }) => state === 'failed');
  if (failed.length > 0) throw unhealthy(failed, 'failed');
  applied.deliveredAt ??= now();
  if (now() - applied.deliveredAt >= parseDuration(spec.timeout)) {
    throw unhealthy(unready, `not ready within ${spec.timeout}`);
  }
  const count = `${places.length - unready.length} of ${places.length} ready`;
  throw new WaitingError('Progressing', POLL, `waiting for ${describe(first)} (${count})`);
}

interface Unready extends Readiness {
  readonly place: Place;
}

async function lookAt(places: readonly Place[], context: ApplyContext): Promise<Unready[]> {
  const unready: Unready[] = [];
  await inParallel(places, PARALLEL, async (place) => {
    const readiness = await read(place, context);
    if (readiness.state === 'ready') context.applied.noteReady(place.id);
    else unready.push({ place, ...readiness });
  });
  const ids = places.map(({ id }) => id);
  return inOrder(unready, ids, ({ place }) => place.id);
}

async function read(place: Place, { client, signal }: ApplyContext): Promise<Readiness> {
  const { kind, namespace, name } = place;
  try {
    return readReadiness(
      await client.request({ method: 'GET', path: objectPath(kind, namespace, name) }, signal),
    );
  } catch (error) {
    if (isAbort(error, signal)) throw error;
    return waiting(isNotFound(error) ? 'is not there' : toFailure(place, error, client).reason);
  }
}

function unhealthy(objects: readonly Unready[], why: string): DeliveryError {
  const lines = objects.slice(0, MAX_LISTED).map(describe);
  if (objects.length > MAX_LISTED) lines.push(`and ${objects.length - MAX_LISTED} more`);
  return new DeliveryError(HEALTH_CHECK_FAILED, `${why}: ${lines.join('\n')}`);
}

function describe({ place, message }: Unready): string {
  return `${describeId(place.id)}: ${message}`;
}
