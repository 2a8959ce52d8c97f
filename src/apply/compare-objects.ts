import type { ApplyTargetSpec } from '../api/generatorset-schema.ts';
import type { WatchedObject } from '../clients/cluster/shared-watches.ts';
import { sha256 } from '../lib/digest.ts';
import type { Change, Evidence } from '../plan/change.ts';
import type { DesiredFile } from '../plan/desired-file.ts';
import type { Keep } from '../plan/keep-held.ts';
import type { InventoryEntry, State } from '../plan/state.ts';
import type { Place, Scope } from './applied-objects.ts';
import { type ApplyContext, type Decision, decideAll } from './decide.ts';
import { prepareObjects } from './desired-object.ts';
import { nextInventory } from './inventory.ts';
import type { Explain } from './object-evidence.ts';
import { decideRemovals, locate, type Removal } from './removals.ts';

/** What a pass found, which its delivery carries out. */
export interface Compared {
  readonly decisions: readonly Decision[];
  readonly removals: readonly Removal[];
  /** `sha256:` of all ids and texts that are desired. */
  readonly revision: string;
}

/** What objects are compared with. */
export interface CompareOptions extends ApplyContext {
  readonly spec: ApplyTargetSpec;
  /** Entries that stay as they are, although nothing renders them. */
  readonly keep: Keep;
}

/** Compares what is desired, and what the inventory names beyond that, with the cluster. */
export async function compareObjects(
  files: readonly DesiredFile[],
  state: State | undefined,
  context: CompareOptions,
): Promise<Compared> {
  const { applied, signal, keep, spec } = context;
  const objects = await prepareObjects(files, context);
  const wanted = new Set(objects.map(({ id }) => id));
  const stale = (state?.inventory ?? []).filter(({ id }) => !wanted.has(id));
  const tracked = await locate(stale, context);
  const served = objects.filter(({ isComing }) => !isComing);
  await applied.watch(scopesOf([...served, ...tracked].map(({ place }) => place)), context, signal);
  applied.keepOnly(new Set([...wanted, ...stale.map(({ id }) => id)]));
  return {
    decisions: await decideAll(objects, context),
    removals: await decideRemovals(tracked, { prune: spec.prune, keep }, context),
    revision: sha256(JSON.stringify(objects.map(({ id, digest }) => [id, digest]).sort())),
  };
}

/** The kinds and namespaces that places are in, each once. */
export function scopesOf(places: readonly (Place | undefined)[]): Scope[] {
  const scopes = new Map<string, Scope>();
  for (const place of places) {
    if (!place) continue;
    const { kind, namespace } = place;
    scopes.set(`${kind.apiVersion} ${kind.kind} ${namespace}`, { kind, namespace });
  }
  return [...scopes.values()];
}

/** The plan's view of what was found; `explain` says where the changed leaves of an object came from. */
export function toChanges({ decisions, removals }: Compared, explain: Explain): Change[] {
  return [
    ...decisions.map((decision) => fromDecision(decision, explain(decision))),
    ...removals.map(fromRemoval),
  ];
}

/** Whether the delivery would send anything, must fail, or changes the inventory. */
export function isRealChange({ decisions, removals }: Compared, state: State | undefined): boolean {
  const all = [...decisions, ...removals];
  const isWritten = ({ action }: Decision | Removal) => action !== 'unchanged' && action !== 'skipped';
  if (all.some((it) => isWritten(it) || it.failure)) return true;
  const before = new Map((state?.inventory ?? []).map((entry) => [entry.id, entry]));
  const after = nextInventory(decisions, removals, state?.inventory ?? []);
  return after.length !== before.size || after.some((entry) => !isSameEntry(entry, before.get(entry.id)));
}

function isSameEntry(entry: InventoryEntry, other: InventoryEntry | undefined): boolean {
  return other !== undefined && entry.version === other.version && entry.element === other.element;
}

function fromDecision(
  { object, action, reason, live }: Decision,
  evidence: () => readonly Evidence[],
): Change {
  const { id, text, resource } = object;
  return {
    ...{ id, action, path: id, after: text, resource },
    // After a restart every object is written once more: what was approved before stays approved.
    ...(action === 'configured' && { isUncertain: true }),
    ...(live && { before: identify(live) }),
    ...(reason !== undefined && { reason }),
    get evidence() {
      return evidence();
    },
  };
}

/** What is not this set's any more counts as gone. */
function fromRemoval({ entry, action, reason, live, isTracked, isKept }: Removal): Change {
  return {
    ...{ id: entry.id, action, path: entry.id, evidence: [] },
    ...(live && isTracked && { before: identify(live) }),
    ...(isKept && { isKept }),
    ...(reason !== undefined && { reason }),
  };
}

/** Stands for the present state of an object, since its text is not kept: an approval is void once it changes. */
function identify({ uid, owned = '' }: WatchedObject): string {
  return `${uid} ${owned}`;
}
