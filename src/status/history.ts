import type { GeneratorSetStatus } from '../api/status.ts';
import { formatDuration } from '../lib/duration.ts';
import { findCondition, toSeconds } from './conditions.ts';
import type { Report } from './report.ts';

/** Outcomes that are kept; Flux keeps as many. */
const MAX_HISTORY = 5;

type Entry = NonNullable<GeneratorSetStatus['history']>[number];

/**
 * The last outcomes, the newest first. The same digest with the same outcome is one entry that counts, as in Flux's
 * history; what only goes on is no outcome, and before anything was to be delivered there is none.
 */
export function nextHistory(
  previous: GeneratorSetStatus | undefined,
  next: Pick<GeneratorSetStatus, 'conditions'>,
  { report, digest }: { readonly report: Report; readonly digest: string | undefined },
): Entry[] {
  const before = previous?.history ?? [];
  const reason = findCondition(next.conditions, 'Ready')?.reason;
  if (report.outcome.type === 'progressing' || reason === undefined || !digest) return [...before];
  const isSame = (entry: Entry) => entry.digest === digest && entry.lastReconciledStatus === reason;
  const same = before.find(isSame);
  const at = toSeconds(report.at);
  const entry: Entry = {
    digest,
    firstReconciled: same?.firstReconciled ?? at,
    lastReconciled: at,
    lastReconciledDuration: formatDuration(Math.max(0, Math.round(report.duration))),
    lastReconciledStatus: reason,
    totalReconciliations: (same?.totalReconciliations ?? 0) + 1,
  };
  return [entry, ...before.filter((other) => !isSame(other))].slice(0, MAX_HISTORY);
}
