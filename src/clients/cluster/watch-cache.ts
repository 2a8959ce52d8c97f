import { compareVersions, isOlder } from './compare-versions.ts';

/** Called after the cache has changed. */
export type CacheListener<Item> = (key: string, before: Item | undefined, after: Item | undefined) => void;

/** The keys that changed while it is open. */
export interface TouchRecord {
  readonly touched: ReadonlySet<string>;
  /** Forgets those that changed until now. */
  restart(): void;
  close(): void;
}

/** A whole collection as the server had it at one version. */
export interface CompleteList<Item> {
  readonly resourceVersion: string;
  readonly items: ReadonlyMap<string, Item>;
}

/** Deletions that are remembered, so that answers and events that are late bring nothing back. */
const MAX_DELETED = 1000;

/** What is known of a collection; its keys are names of objects. */
export class WatchCache<Item> {
  readonly #items = new Map<string, Item>();
  /** The last versions of objects that were deleted a moment ago. */
  readonly #deleted = new Map<string, string>();
  readonly #records = new Set<Set<string>>();
  readonly #versionOf: (item: Item) => string;
  readonly #listener: CacheListener<Item>;

  constructor(versionOf: (item: Item) => string, listener: CacheListener<Item>) {
    this.#versionOf = versionOf;
    this.#listener = listener;
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: string): Item | undefined {
    return this.#items.get(key);
  }

  entries(): IterableIterator<[string, Item]> {
    return this.#items.entries();
  }

  /** Whether the cache has exactly this version of an object. */
  has(key: string, version: string): boolean {
    const item = this.#items.get(key);
    return item !== undefined && this.#versionOf(item) === version;
  }

  /** Begins to record which keys change. */
  record(): TouchRecord {
    const touched = new Set<string>();
    this.#records.add(touched);
    return { touched, restart: () => touched.clear(), close: () => this.#records.delete(touched) };
  }

  /** Takes what an event says, except where a write's answer said it already, or said what is newer. */
  store(key: string, item: Item | undefined, version: string): void {
    this.#touch(key);
    const known = this.#knownVersion(key);
    if (known !== undefined && isOlder(version, known)) return;
    // The event of a deletion may carry the version of the last change.
    if (known === version && item !== undefined) return;
    if (item === undefined) this.#bury(key, version);
    else this.#deleted.delete(key);
    this.#set(key, item);
  }

  /**
   * Takes what a write's answer says, and tells no listener; true where it changed something. An answer that is not
   * known to be newer than the cache is ignored: its event has come already, or will.
   */
  note(key: string, item: Item | undefined): boolean {
    const known = this.#items.get(key);
    if (item === undefined) return known !== undefined && this.#noteDeletion(key, known);
    const before = this.#knownVersion(key);
    if (before !== undefined && (compareVersions(this.#versionOf(item), before) ?? 0) <= 0) return false;
    this.#touch(key);
    this.#deleted.delete(key);
    this.#items.set(key, item);
    return true;
  }

  /**
   * Takes a complete list for the world; what it lacks is deleted. Keys that were noted while it was read keep what
   * is newer. A cache of another history gives way wholly.
   */
  replace(list: CompleteList<Item>, touched: ReadonlySet<string>, isRewound: boolean): void {
    const vanished = this.vanished(list, touched);
    for (const [key, item] of list.items) {
      if (isRewound || !this.#isKept(key, item, touched.has(key))) this.#set(key, item);
    }
    for (const key of vanished) this.#set(key, undefined);
    for (const key of [...this.#deleted.keys()]) if (!touched.has(key)) this.#deleted.delete(key);
  }

  /** The keys that a list says are gone: what was noted while it was read may only be newer than the list. */
  vanished({ resourceVersion, items }: CompleteList<Item>, touched: ReadonlySet<string>): string[] {
    const isNewer = (item: Item) => (compareVersions(this.#versionOf(item), resourceVersion) ?? 1) > 0;
    return [...this.#items]
      .filter(([key, item]) => !items.has(key) && !(touched.has(key) && isNewer(item)))
      .map(([key]) => key);
  }

  #isKept(key: string, listed: Item, isTouched: boolean): boolean {
    const version = this.#versionOf(listed);
    if (this.has(key, version)) return true;
    const known = isTouched ? this.#knownVersion(key) : undefined;
    return known !== undefined && (compareVersions(version, known) ?? 1) <= 0;
  }

  #noteDeletion(key: string, known: Item): boolean {
    this.#touch(key);
    this.#bury(key, this.#versionOf(known));
    return this.#items.delete(key);
  }

  #bury(key: string, version: string): void {
    this.#deleted.delete(key);
    this.#deleted.set(key, version);
    const [oldest] = this.#deleted.keys();
    if (oldest !== undefined && this.#deleted.size > MAX_DELETED) this.#deleted.delete(oldest);
  }

  #knownVersion(key: string): string | undefined {
    const item = this.#items.get(key);
    return item === undefined ? this.#deleted.get(key) : this.#versionOf(item);
  }

  #set(key: string, item: Item | undefined): void {
    const before = this.#items.get(key);
    if (before === undefined && item === undefined) return;
    if (item === undefined) this.#items.delete(key);
    else this.#items.set(key, item);
    this.#listener(key, before, item);
  }

  #touch(key: string): void {
    for (const record of this.#records) record.add(key);
  }
}
