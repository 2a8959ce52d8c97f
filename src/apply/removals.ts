import { apiGroup } from '../api/resource.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { ApiKind, Discovery } from '../clients/cluster/discovery.ts';
import type { WatchedObject } from '../clients/cluster/shared-watches.ts';
import { isObject } from '../lib/json.ts';
import type { Keep } from '../plan/keep-held.ts';
import type { InventoryEntry } from '../plan/state.ts';
import { isAbort } from './abort.ts';
import type { Place } from './applied-objects.ts';
import { PARALLEL } from './cluster-access.ts';
import type { ApplyContext } from './decide.ts';
import { type Failure, toFailure } from './failure.ts';
import { inParallel } from './in-parallel.ts';
import { fieldOf, textOf } from './object-fields.ts';
import { parseObjectId } from './object-id.ts';
import { isOwnedBy, type SetName } from './owner.ts';
import { findLive } from './read-metadata.ts';
import { stageOf } from './stages.ts';
import { isKept } from './steering.ts';

/** What is to be done about an object of the inventory that is no longer rendered. */
export interface Removal {
  readonly entry: InventoryEntry;
  readonly stage: number;
  readonly action: 'deleted' | 'skipped';
  /** Why it is skipped. */
  readonly reason?: string;
  /** Undefined when it is gone. */
  readonly place?: Place;
  readonly live?: WatchedObject;
  /** Whether the inventory keeps the entry. */
  readonly isTracked: boolean;
  /** Its element is held: it is not rendered now, and nobody knows whether it should be. */
  readonly isKept?: boolean;
  /** Why nothing could be found out. */
  readonly failure?: Failure;
}

/** What may be deleted at all. */
interface RemovalOptions {
  readonly prune: boolean;
  readonly keep?: Keep;
}

/** An entry of the inventory, and how the cluster serves its kind. */
export interface Tracked {
  readonly entry: InventoryEntry;
  readonly stage: number;
  /** Undefined when the cluster does not serve the kind any more, in any version. */
  readonly place?: Place;
  /** Why it could not be found out. */
  readonly failure?: Failure;
}

/** Finds how the cluster serves the kinds of inventory entries. Entries without a meaning are left out. */
export async function locate(
  entries: readonly InventoryEntry[],
  { discovery, client, signal }: Pick<ApplyContext, 'discovery' | 'client' | 'signal'>,
): Promise<Tracked[]> {
  const kinds = new Map<string, Promise<ApiKind | undefined>>();
  const located = entries.map(async (entry): Promise<Tracked[]> => {
    const id = parseObjectId(entry.id);
    if (!id) return [];
    const { namespace, name, group, kind } = id;
    const apiVersion = [group, entry.version ?? 'v1'].filter((it) => it !== '').join('/');
    const key = `${apiVersion} ${kind}`;
    const asked = kinds.get(key) ?? findServed({ apiVersion, kind }, { discovery, client, signal });
    kinds.set(key, asked);
    const item = { entry, stage: stageOf(id) };
    try {
      const served = await asked;
      const place = served && { id: entry.id, kind: served, namespace, name };
      return [{ ...item, ...(place && fits(place) && { place }) }];
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      return [{ ...item, failure: { id: entry.id, reason: (error as Error).message } }];
    }
  });
  return (await Promise.all(located)).flat();
}

/** A namespace where there can be none, or none where there must be one: no such object exists. */
function fits({ kind, namespace }: Place): boolean {
  return kind.namespaced === (namespace !== '');
}

/** The kind in its version, or in any other that the cluster serves. */
async function findServed(
  { apiVersion, kind }: { apiVersion: string; kind: string },
  { discovery, client, signal }: { discovery: Discovery; client: ClusterClient; signal: AbortSignal },
): Promise<ApiKind | undefined> {
  const found = await discovery.find(apiVersion, kind, signal);
  const group = apiGroup(apiVersion);
  if (found || group === '') return found;
  const groups = await client.request({ method: 'GET', path: '/apis' }, signal);
  const versions = listVersions(fieldOf(groups, 'groups'), group);
  for (const version of versions.filter((it) => it !== apiVersion)) {
    const other = await discovery.find(version, kind, signal);
    if (other) return other;
  }
  return undefined;
}

function listVersions(groups: unknown, group: string): string[] {
  const found = Array.isArray(groups)
    ? groups.filter(isObject).find((it) => textOf(it, 'name') === group)
    : undefined;
  const versions = found?.['versions'];
  return Array.isArray(versions) ? versions.filter(isObject).map((it) => textOf(it, 'groupVersion')) : [];
}

/**
 * Decides about objects that are no longer rendered. The inventory alone is no reason to delete: the object must
 * carry the labels of this set now.
 */
export async function decideRemovals(
  tracked: readonly Tracked[],
  { prune, keep }: RemovalOptions,
  context: ApplyContext,
): Promise<Removal[]> {
  const removals = new Map<Tracked, Removal>();
  await inParallel(tracked, PARALLEL, async (item) => {
    const kept = keep?.(item.entry);
    const removal =
      kept === undefined ? decideRemoval(item, prune, context) : keepObject(item, kept, context);
    removals.set(item, await removal);
  });
  return tracked.map((item) => removals.get(item) as Removal);
}

/** What the set itself would go with: its namespace, and the definition of its kind. */
function isVital({ kind, name }: Place, set: SetName): boolean {
  if (kind.kind === 'Namespace') return name === set.namespace;
  return kind.kind === 'CustomResourceDefinition' && name === 'generatorsets.generatorset.dev';
}

/** Stays in the inventory whatever has become of the object: that is looked at when its element goes on. */
function keepObject(
  { entry, stage, place }: Tracked,
  reason: string,
  { applied, set }: ApplyContext,
): Removal {
  const found = place && applied.find(place);
  const live = found !== undefined && found !== 'unknown' && isOwnedBy(found, set) ? found : undefined;
  return {
    ...{ entry, stage, action: 'skipped', reason, isTracked: true, isKept: true },
    ...(place && { place }),
    ...(live && { live }),
  };
}

async function decideRemoval(item: Tracked, prune: boolean, context: ApplyContext): Promise<Removal> {
  const { place, failure } = item;
  const gone: Removal = { ...item, action: 'skipped', reason: 'it is gone already', isTracked: false };
  if (failure) return { ...gone, reason: failure.reason, isTracked: true };
  if (!place) return gone;
  let live: WatchedObject | undefined;
  try {
    live = await findLive(context.applied, context.client, place, context.signal);
  } catch (error) {
    if (isAbort(error, context.signal)) throw error;
    const unknown = toFailure(place, error, context.client);
    return { ...gone, reason: unknown.reason, failure: unknown, isTracked: true };
  }
  if (!live) return gone;
  if (!isOwnedBy(live, context.set)) {
    return { ...gone, reason: "it is not this set's any more: it does not carry its labels" };
  }
  const found = { ...item, live, isTracked: true };
  if (isKept(live.annotations)) {
    return { ...found, action: 'skipped', reason: 'annotation generatorset.dev/prune is disabled' };
  }
  if (isVital(place, context.set))
    return { ...found, action: 'skipped', reason: 'the set itself lives by it' };
  return prune
    ? { ...found, action: 'deleted' }
    : { ...found, action: 'skipped', reason: 'spec.target.apply.prune is false' };
}
