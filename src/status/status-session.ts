import { PROGRESSING } from '../api/reasons.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import { isObject, type JsonValue, ownValue } from '../lib/json.ts';
import type { State } from '../plan/state.ts';
import type { StateKeeper } from '../plan/target.ts';
import { findCondition } from './conditions.ts';
import { isNews } from './is-news.ts';
import type { KnownSets } from './known-sets.ts';
import { nextStatus } from './next-status.ts';
import type { Report } from './report.ts';
import type { SetMetadata } from './set-identity.ts';
import { patchSet } from './set-patch.ts';
import { removeUnusedShards, type StateStore, saveState } from './state-store.ts';

/** The status of one set during one pass, or several in a row. */
export interface StatusSession {
  /** The set as the pass began with it. */
  readonly metadata: SetMetadata;
  /** The status when the pass began. */
  readonly previous: GeneratorSetStatus | undefined;
  /** What the set's target remembers. */
  readonly keeper: StateKeeper;
  /**
   * Writes what became of the pass, in one request, and in none where it is no news; more only where shards of a large
   * state have changed. A set that is gone is well. Resolves to whether the status was written.
   */
  finish(report: Report, signal: AbortSignal): Promise<boolean>;
}

/** What a session begins with. */
interface SessionStart {
  readonly metadata: SetMetadata;
  readonly store: StateStore;
  readonly sets: KnownSets;
  readonly status: GeneratorSetStatus | undefined;
  readonly state: State | undefined;
  now(): Date;
}

/** The session of one set; what it reads and writes is one status at a time. */
export function createSession(start: SessionStart): StatusSession {
  const { store, sets } = start;
  let { status, state } = start;
  let kept: State | undefined;

  /** Shards first, then the status that names them, then the removal of those that it named before. */
  async function write(report: Report, signal: AbortSignal): Promise<'written' | 'no news' | 'gone'> {
    const stored = report.state && (await saveState(store, report.state, signal));
    sets.keepShards(store.set.uid, store.known);
    const next = nextStatus(status, report, stored);
    state = report.state ?? state;
    if (!isNews(status, next)) return 'no news';
    const resourceVersion = await patchStatus(store, next, signal);
    if (resourceVersion === undefined) return 'gone';
    sets.wrote(store.set.uid, { resourceVersion, status: next });
    status = next;
    await removeLeftOver(store, next, signal);
    sets.keepShards(store.set.uid, store.known);
    return 'written';
  }

  return {
    metadata: start.metadata,
    previous: start.status,
    keeper: {
      get state() {
        return state;
      },
      async intend(intended, signal) {
        if ((await write(intention(start, status, intended), signal)) === 'gone')
          throw new Error(
            `GeneratorSet ${store.set.namespace}/${store.set.name} is gone: nothing is delivered`,
          );
      },
      keep(next) {
        kept = next;
      },
    },
    async finish(report, signal) {
      const standing = report.state ?? kept;
      const outcome = await write(standing ? { ...report, state: standing } : report, signal);
      if (outcome === 'gone') sets.forget(store.set.uid);
      return outcome === 'written';
    },
  };
}

/** What the status says while a delivery is under way; should it be cut off, this is what stands. */
function intention(
  { metadata, now }: SessionStart,
  status: GeneratorSetStatus | undefined,
  state: State,
): Report {
  const unwatched = findCondition(status?.conditions, 'Unwatched')?.message;
  const message = `delivering ${state.inventory.length} resources`;
  return {
    outcome: { type: 'progressing', reason: PROGRESSING, message },
    generation: metadata.generation,
    at: now(),
    duration: 0,
    state,
    ...(unwatched !== undefined && { unwatched }),
  };
}

/** Replaces the whole status; gives the version of the set then, undefined when the set is gone. */
async function patchStatus(
  { client, set }: StateStore,
  status: GeneratorSetStatus,
  signal: AbortSignal,
): Promise<string | undefined> {
  const value = status as unknown as JsonValue;
  const operations = () => [{ op: 'add', path: '/status', value } as const];
  const patched = await patchSet(client, { set, subresource: 'status', operations }, signal);
  if (patched.isGone) return undefined;
  const metadata = patched.object && ownValue(patched.object, 'metadata');
  return isObject(metadata) ? String(ownValue(metadata, 'resourceVersion') ?? '') : '';
}

/** A shard that stays behind harms nobody, and goes with the set at the latest. */
async function removeLeftOver(
  store: StateStore,
  status: GeneratorSetStatus,
  signal: AbortSignal,
): Promise<void> {
  try {
    await removeUnusedShards(store, status, signal);
  } catch (error) {
    store.log.warn('a shard that is not used any more could not be removed', {
      namespace: store.set.namespace,
      name: store.set.name,
      error: (error as Error).message,
    });
  }
}
