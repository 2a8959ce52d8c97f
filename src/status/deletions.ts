import type { GeneratorSetStatus } from '../api/status.ts';
import type { Deletion } from '../plan/state.ts';

type Deletions = NonNullable<GeneratorSetStatus['deletions']>;

const DAY = 24 * 60 * 60 * 1000;
/** Entries that a status holds at most, and the milliseconds that are put together where there would be more. */
const MAX_ENTRIES = 100;
const BUCKET = 15 * 60 * 1000;
/** More than any set can have deleted in a day; a status may be written by others. */
const MAX_DELETIONS = 100_000;

/** The deletions of the last 24 hours as the status has them: how many, and when. Which ones they were is not kept. */
export function toStatusDeletions(deletions: readonly Deletion[], now: Date): Deletions {
  const recent = deletions.filter(({ at }) => isRecent(at, now));
  const byTime = group(recent, ({ at }) => at);
  if (byTime.length <= MAX_ENTRIES) return byTime;
  // Put under the latest of their times, so that the guard never forgets one too early.
  return group(recent, ({ at }) => String(Math.floor(Date.parse(at) / BUCKET)));
}

/** The deletions that a status tells of, one by one, without what they deleted; what is no time is left out. */
export function fromStatusDeletions(deletions: Deletions | undefined): Deletion[] {
  const list: Deletion[] = [];
  for (const { at, count } of deletions ?? []) {
    if (Number.isNaN(Date.parse(at)) || !(count > 0)) continue;
    const deletion = { id: '', at };
    for (let n = 0; n < count && list.length < MAX_DELETIONS; n++) list.push(deletion);
  }
  return list;
}

/** Ages out what the clock has left behind, also where a clock was wrong and wrote a time far ahead. */
export function ageDeletions(deletions: Deletions | undefined, now: Date): Deletions {
  return (deletions ?? []).filter(({ at }) => isRecent(at, now));
}

function isRecent(at: string, now: Date): boolean {
  return Math.abs(now.getTime() - Date.parse(at)) < DAY;
}

function group(deletions: readonly Deletion[], key: (deletion: Deletion) => string): Deletions {
  const groups = new Map<string, { at: string; count: number }>();
  for (const deletion of deletions) {
    const known = groups.get(key(deletion));
    if (!known) {
      groups.set(key(deletion), { at: deletion.at, count: 1 });
      continue;
    }
    known.count++;
    if (Date.parse(deletion.at) > Date.parse(known.at)) known.at = deletion.at;
  }
  return [...groups.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
