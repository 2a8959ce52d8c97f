import type { GeneratorSetStatus } from '../api/status.ts';
import { canonicalJson, type JsonValue } from '../lib/json.ts';

type ElementStates = NonNullable<GeneratorSetStatus['elementStates']>;

/**
 * Whether a status says something new. Times, durations and counters alone do not: a pass that changed nothing writes
 * nothing. They move when something else is written anyway.
 */
export function isNews(previous: GeneratorSetStatus | undefined, next: GeneratorSetStatus): boolean {
  if (!previous) return true;
  return meaning(previous, next) !== meaning(next, next);
}

/** What is left of a status without what only time moves; deletions that the other has aged out are not compared. */
function meaning(status: GeneratorSetStatus, next: GeneratorSetStatus): string {
  const live = new Set(next.deletions?.map(({ at }) => at));
  const deletions = (status.deletions ?? []).filter(({ at }) => live.has(at));
  const history = (status.history ?? []).map(({ digest, lastReconciledStatus }) => [
    digest,
    lastReconciledStatus,
  ]);
  const elementStates = (status.elementStates ?? []).map(meaningOf);
  return canonicalJson({ ...status, deletions, history, elementStates } as unknown as JsonValue);
}

/** Small changes that a dead band keeps away come and go with each answer, and the words of rules at work with them. */
function meaningOf({ key, phase, reason, message }: ElementStates[number]): unknown[] {
  if (phase === 'Held') return [key, phase, reason, message];
  return [key, phase, reason === 'WithinDeadBand' ? 'Reconciled' : reason];
}
