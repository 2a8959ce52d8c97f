import { sha256 } from '../lib/digest.ts';
import type { JsonValue } from '../lib/json.ts';

/** Entries that a list may have; whoever forges one must not fill the memory of all. */
export const MAX_ENTRIES = 200_000;

/** A kind of list that is kept of each set: in its status while it is small, beyond that in ConfigMaps. */
export interface ListKind<Entry> {
  /** In the names, labels and keys of the ConfigMaps. */
  readonly word: 'inventory' | 'decisions';
  /** What the entries are, for people. */
  readonly noun: string;
  /** Up to here a list stands in the status itself: entries, and characters of their JSON. */
  readonly maxInline: number;
  readonly maxInlineSize: number;
  /** Entries of the same id are one entry. */
  idOf(entry: Entry): string;
  /** All of an entry in one line. */
  lineOf(entry: Entry): string;
  /** Characters of an entry as JSON, at the least. */
  sizeOf(entry: Entry): number;
  /** One item of a list that somebody may have edited; undefined for what is no entry. */
  readEntry(item: JsonValue): Entry | undefined;
}

/** A list as it is kept: its entries, or the ConfigMaps that they stand in with the digest of all. */
export interface KeptList<Entry> {
  readonly entries?: readonly Entry[];
  readonly count: number;
  readonly digest?: string;
  readonly shards?: readonly string[];
}

/** Sorts by id, in the order of code units, so that equal lists are equal texts; each id once, the last counts. */
export function sortEntries<Entry>(kind: ListKind<Entry>, entries: Iterable<Entry>): Entry[] {
  const byId = new Map<string, Entry>();
  for (const entry of entries) byId.set(kind.idOf(entry), entry);
  return [...byId].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
}

/** The entries of a list that somebody may have edited; what is none is left out. */
export function readEntries<Entry>(kind: ListKind<Entry>, value: JsonValue | undefined): Entry[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_ENTRIES).flatMap((item) => kind.readEntry(item) ?? []);
}

/** The digest of all entries, in whatever order they come. */
export function digestOfEntries<Entry>(kind: ListKind<Entry>, entries: readonly Entry[]): string {
  return sha256(
    entries
      .map((entry) => `${kind.lineOf(entry)}\n`)
      .sort()
      .join(''),
  );
}

/** Whether two lists in order say the same. */
export function isSameList<Entry>(
  kind: ListKind<Entry>,
  one: readonly Entry[] | undefined,
  other: readonly Entry[],
): boolean {
  if (one?.length !== other.length) return false;
  return one.every((entry, index) => kind.lineOf(entry) === kind.lineOf(other[index] as Entry));
}
