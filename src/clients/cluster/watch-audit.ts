import { isOlder } from './compare-versions.ts';
import type { CompleteList, TouchRecord, WatchCache } from './watch-cache.ts';
import type { WatchClock } from './watch-clock.ts';

/** What an audit looks at. */
export interface Audited<Item> {
  readonly cache: WatchCache<Item>;
  readonly clock: WatchClock;
  /** Milliseconds after which a change that the list has and no event told of is missed for sure. */
  readonly grace: number;
  versionOf(item: Item): string;
  list(signal: AbortSignal): Promise<CompleteList<Item>>;
  /** The version up to which events have come; undefined while a new list is to be made. */
  position(): string | undefined;
  /** Changes with every new list: the audit then has nothing to say. */
  generation(): number;
  isWatching(): boolean;
}

/** What an audit has found. */
export interface AuditResult {
  /** Keys whose last change no event told of. */
  readonly missed: readonly string[];
  /** The server's version is older than what it told us before. */
  readonly isRewound: boolean;
}

const CLEAN: AuditResult = { missed: [], isRewound: false };

/** Milliseconds between two looks at changes whose events are still under way. */
const LOOK = 250;

/**
 * Compares the cache with a fresh list while events go on. What differs is missed only when no event comes for it
 * before the watch has passed the version of the list; where versions cannot be compared, before the grace is over.
 */
export async function auditCache<Item>(audited: Audited<Item>, signal: AbortSignal): Promise<AuditResult> {
  const { cache } = audited;
  const record = cache.record();
  try {
    const [position, generation] = [audited.position(), audited.generation()];
    if (position === undefined) return CLEAN;
    const { resourceVersion, items } = await audited.list(signal);
    if (audited.generation() !== generation) return CLEAN;
    if (isOlder(resourceVersion, position)) return { missed: [], isRewound: true };
    const suspects = findDifferences(audited, items, record);
    return await waitForEvents(audited, { suspects, record, resourceVersion, generation }, signal);
  } finally {
    record.close();
  }
}

interface Suspicion {
  readonly suspects: readonly string[];
  readonly record: TouchRecord;
  readonly resourceVersion: string;
  readonly generation: number;
}

async function waitForEvents<Item>(
  audited: Audited<Item>,
  { suspects, record, resourceVersion, generation }: Suspicion,
  signal: AbortSignal,
): Promise<AuditResult> {
  const { clock, grace } = audited;
  const end = clock.monotonic() + grace;
  while (!signal.aborted && audited.generation() === generation) {
    const missed = suspects.filter((key) => !record.touched.has(key));
    if (missed.length === 0) return CLEAN;
    const isOver = clock.monotonic() >= end;
    if (hasPassed(audited.position(), resourceVersion) || (isOver && audited.isWatching()))
      return { missed, isRewound: false };
    if (isOver) return CLEAN;
    await clock.sleep(LOOK, signal);
  }
  return CLEAN;
}

/** What changed since the record began is no suspect: the list may be older than the cache. */
function findDifferences<Item>(
  { cache, versionOf }: Audited<Item>,
  listed: ReadonlyMap<string, Item>,
  { touched }: TouchRecord,
): string[] {
  const missing = [...listed].filter(([key, item]) => !cache.has(key, versionOf(item))).map(([key]) => key);
  const surplus = [...cache.entries()].map(([key]) => key).filter((key) => !listed.has(key));
  return [...missing, ...surplus].filter((key) => !touched.has(key));
}

/** Two versions that cannot be compared say nothing. */
function hasPassed(position: string | undefined, version: string): boolean {
  return position !== undefined && (position === version || isOlder(version, position));
}
