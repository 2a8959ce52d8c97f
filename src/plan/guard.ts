import type { Guard } from '../api/generatorset-schema.ts';
import { sha256 } from '../lib/digest.ts';
import { canonicalJson } from '../lib/json.ts';
import type { Change } from './change.ts';
import type { Hold, Plan } from './plan.ts';
import type { State } from './state.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Makes the plan, and holds it when it would delete more than the guard allows: an outage or an empty answer
 * must not delete anything. A plan whose digest is among the `approved` is not held. Throws where `onEmpty` is `fail`.
 */
export function makePlan(
  changes: readonly Change[],
  previous: State | undefined,
  options: { guard: Guard; now: Date; approved?: ReadonlySet<string> },
): Plan {
  const digest = planDigest(changes, previous);
  const held = hold(changes, previous, options);
  const { approved = new Set() } = options;
  if (!held) return { changes, digest };
  if (approved.has(digest)) return { changes, digest, released: [digest] };
  if (approved.size === 0) return { changes, digest, held };
  return {
    changes,
    digest,
    held: { ...held, message: `${held.message}; what was approved is another plan` },
  };
}

/** The deletions of the 24 hours before `now`. */
export function recentDeletions(state: State | undefined, now: Date): State['deletions'] {
  return (state?.deletions ?? []).filter((deletion) => now.getTime() - Date.parse(deletion.at) < DAY);
}

/** At most this many deletions in 24 hours: max(1, floor(share x inventory)), none for 0%, or the number itself. */
export function pruneLimit(maxPrune: string | number, inventory: number): number {
  if (typeof maxPrune === 'number') return maxPrune;
  const percent = Number(maxPrune.slice(0, -1));
  if (percent === 0) return 0;
  return Math.max(1, Math.floor((percent * inventory) / 100));
}

function hold(
  changes: readonly Change[],
  previous: State | undefined,
  { guard, now }: { guard: Guard; now: Date },
): Hold | undefined {
  const inventory = previous?.inventory ?? [];
  const deletions = changes.filter((change) => change.action === 'deleted').length;
  if (inventory.length > 0 && !changes.some(isLive)) return holdEmpty(guard, inventory.length);
  if (deletions === 0) return undefined;

  const present = countPresent(changes, inventory);
  const recent = recentDeletions(previous, now).length;
  // Of what there was 24 hours ago, so that a delivery that was cut off may be completed.
  const limit = pruneLimit(guard.maxPrune, present + recent);
  if (deletions + recent <= limit) return undefined;
  const before = recent > 0 ? ` after ${recent} in the last 24 hours` : '';
  return {
    rule: 'maxPrune',
    message: `would delete ${deletions} of ${present} resources${before}; spec.guard.maxPrune ${guard.maxPrune} allows ${limit} in 24 hours`,
  };
}

/** The resources of the inventory whose files are there: what somebody removed already must not raise the limit. */
function countPresent(changes: readonly Change[], inventory: State['inventory']): number {
  const absent = new Set(changes.filter(({ before }) => before === undefined).map(({ path }) => path));
  return inventory.filter(({ path }) => !absent.has(path)).length;
}

/** Nothing is rendered where there was something. */
function holdEmpty(guard: Guard, inventory: number): Hold | undefined {
  if (guard.onEmpty === 'prune') return undefined;
  const message = `would delete all ${inventory} resources, none is left`;
  if (guard.onEmpty === 'fail') throw new Error(`${message}: spec.guard.onEmpty is fail`);
  return { rule: 'onEmpty', message: `${message}; spec.guard.onEmpty is hold` };
}

/** A resource that is rendered now, or kept: the set is not empty, also where the resource is left as it is. */
function isLive({ action, before, after, isKept }: Change): boolean {
  if (isKept) return true;
  if (action === 'skipped') return after !== undefined && after !== before;
  return action === 'created' || action === 'configured' || action === 'unchanged';
}

/**
 * Covers what changes (id, action, digest of before) and the last delivered plan, so that an approval is void
 * once anything was delivered or the world has changed. Holds no evidence and no times.
 */
function planDigest(changes: readonly Change[], previous: State | undefined): string {
  const covered = changes
    .filter(({ action, isUncertain, isKept }) => action !== 'unchanged' && !isUncertain && !isKept)
    .map(({ id, action, path, before }) =>
      [id, action, path, before === undefined ? '' : sha256(before)].join('\n'),
    );
  return sha256(canonicalJson({ changes: covered.sort(), delivered: previous?.delivered ?? null }));
}
