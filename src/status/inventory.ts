import type { GeneratorSetStatus, StatusInventory } from '../api/status.ts';
import { isObject, ownValue } from '../lib/json.ts';
import type { InventoryEntry, State } from '../plan/state.ts';
import { fromStatusDecisions, type StatusDecision } from './decisions.ts';
import { fromStatusDeletions } from './deletions.ts';
import { type ListKind, sortEntries } from './kept-list.ts';

/** One resource in Flux's form. */
export type StatusEntry = NonNullable<StatusInventory['entries']>[number];

/** Namespace, name, group and kind, none of which can mean another path. Names of roles may hold nearly anything. */
const ENTRY_ID = /^[a-z0-9-]*_(?!\.{1,2}_)[^\p{Cc}/%]+_[a-z0-9.-]*_[A-Za-z0-9]+$/u;
/** Characters of an id: four names of at most 253, and what is between them. */
const MAX_ID = 1024;
/** Characters of an element's key, or of its digest: `elementId` gives no more. */
const MAX_ELEMENT = 80;

/** The resources that a set has applied. */
export const INVENTORY: ListKind<StatusEntry> = {
  word: 'inventory',
  noun: 'resources',
  maxInline: 1000,
  maxInlineSize: 160 * 1024,
  idOf: ({ id }) => id,
  lineOf: ({ id, v, e }) => (e === undefined ? `${id} ${v}` : `${id} ${v} ${JSON.stringify(e)}`),
  sizeOf: ({ id, v, e }) => id.length + v.length + (e === undefined ? 16 : e.length + 23),
  readEntry(item) {
    if (!isObject(item)) return undefined;
    const [id, v, e] = ['id', 'v', 'e'].map((key) => ownValue(item, key));
    if (typeof id !== 'string' || typeof v !== 'string') return undefined;
    if (id.length > MAX_ID || !ENTRY_ID.test(id) || !/^[a-z0-9]{0,63}$/.test(v)) return undefined;
    return { id, v, ...(typeof e === 'string' && e.length <= MAX_ELEMENT && { e }) };
  },
};

/** What of a state the status keeps of each resource. */
export function toEntries(state: Pick<State, 'inventory'>): StatusEntry[] {
  return sortEntries(
    INVENTORY,
    state.inventory.map(({ id, version, element }) => ({
      ...{ id, v: version ?? '' },
      ...(element !== undefined && { e: element }),
    })),
  );
}

/**
 * What a status remembers of a set, with the entries that stand in it or elsewhere; undefined when the set has never
 * delivered. Texts and positions are not remembered: digests are empty, and so equal none.
 */
export function toState(
  status: GeneratorSetStatus | undefined,
  { entries, decisions }: { entries: readonly StatusEntry[]; decisions: readonly StatusDecision[] },
): State | undefined {
  if (!status || (status.delivered === undefined && status.inventory === undefined)) return undefined;
  return {
    version: 1,
    inventory: entries.map(toInventoryEntry),
    deletions: fromStatusDeletions(status.deletions),
    ...(status.delivered !== undefined && { delivered: status.delivered }),
    ...(decisions.length > 0 && { decisions: fromStatusDecisions(decisions) }),
  };
}

function toInventoryEntry({ id, v, e }: StatusEntry): InventoryEntry {
  return {
    ...{ id, path: id, digest: '', generator: 0, template: 0 },
    ...(e !== undefined && { element: e }),
    ...(v !== '' && { version: v }),
  };
}
