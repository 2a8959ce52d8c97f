import type { GeneratorSetStatus, StatusInventory } from '../api/status.ts';
import { sha256 } from '../lib/digest.ts';
import { isObject, type JsonValue, ownValue } from '../lib/json.ts';
import type { State } from '../plan/state.ts';
import { fromStatusDeletions } from './deletions.ts';

/** One resource in Flux's form. */
export type StatusEntry = NonNullable<StatusInventory['entries']>[number];

/** Namespace, name, group and kind, none of which can mean another path. Names of roles may hold nearly anything. */
const ENTRY_ID = /^[a-z0-9-]*_(?!\.{1,2}_)[^\p{Cc}/%]+_[a-z0-9.-]*_[A-Za-z0-9]+$/u;
/** Characters of an id: four names of at most 253, and what is between them. */
const MAX_ID = 1024;
/** Entries that an inventory may have; whoever forges one must not fill the memory of all. */
export const MAX_ENTRIES = 200_000;

/** What of a state the status keeps of each resource, sorted by id, so that equal inventories are equal texts. */
export function toEntries(state: Pick<State, 'inventory'>): StatusEntry[] {
  const byId = new Map(state.inventory.map(({ id, version }) => [id, version ?? '']));
  return sortEntries([...byId].map(([id, v]) => ({ id, v })));
}

/** Sorts by id, in the order of code units. */
export function sortEntries(entries: StatusEntry[]): StatusEntry[] {
  return entries.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The entries of a list that somebody may have edited; what is none is left out. */
export function readEntries(value: JsonValue | undefined): StatusEntry[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_ENTRIES).flatMap(readEntry);
}

/** The digest of all entries, in whatever order they come. */
export function digestOfEntries(entries: readonly StatusEntry[]): string {
  return sha256(
    entries
      .map(({ id, v }) => `${id} ${v}\n`)
      .sort()
      .join(''),
  );
}

/**
 * What a status remembers of a set, with the entries that stand in it or elsewhere; undefined when the set has never
 * delivered. Texts and positions are not remembered: digests are empty, and so equal none.
 */
export function toState(
  status: GeneratorSetStatus | undefined,
  entries: readonly StatusEntry[],
): State | undefined {
  if (!status || (status.delivered === undefined && status.inventory === undefined)) return undefined;
  return {
    version: 1,
    inventory: entries.map(({ id, v }) => ({
      id,
      path: id,
      digest: '',
      generator: 0,
      template: 0,
      ...(v !== '' && { version: v }),
    })),
    deletions: fromStatusDeletions(status.deletions),
    ...(status.delivered !== undefined && { delivered: status.delivered }),
  };
}

function readEntry(item: JsonValue): StatusEntry[] {
  const id = isObject(item) ? ownValue(item, 'id') : undefined;
  const v = isObject(item) ? ownValue(item, 'v') : undefined;
  if (typeof id !== 'string' || typeof v !== 'string') return [];
  const isValid = id.length <= MAX_ID && ENTRY_ID.test(id);
  return isValid && /^[a-z0-9]{0,63}$/.test(v) ? [{ id, v }] : [];
}
