import { NotLeaderError } from '../clients/cluster/cluster-client.ts';
import type { ListWatch } from '../clients/cluster/list-watch.ts';
import type { Logger } from '../lib/logger.ts';
import type { WorkQueue } from '../reconcile/work-queue.ts';
import type { ControllerParts } from './controller-parts.ts';
import { handleSet } from './handle-set.ts';
import type { Verdict } from './handling.ts';
import type { Metrics } from './metrics.ts';
import { toName } from './set-key.ts';
import type { SetRuntimes } from './set-runtimes.ts';
import type { StoredSet } from './stored-set.ts';

/** What the workers of a controller share. */
export interface Workshop {
  readonly sets: Pick<ListWatch<StoredSet>, 'get'>;
  readonly runtimes: SetRuntimes;
  readonly queue: WorkQueue;
  readonly parts: ControllerParts;
  readonly metrics: Metrics;
  readonly concurrency: number;
}

/**
 * Takes keys from the queue until it is shut down or the signal aborts, several at once, never one key twice at a
 * time. A set that fails is its own affair: nothing that it throws ends a worker.
 */
export async function workOnSets(workshop: Workshop, signal: AbortSignal): Promise<void> {
  const workers = Array.from({ length: workshop.concurrency }, () => work(workshop, signal));
  await Promise.all(workers);
}

async function work(workshop: Workshop, signal: AbortSignal): Promise<void> {
  const { queue, metrics, concurrency } = workshop;
  for (;;) {
    const key = await queue.get(signal);
    if (key === undefined) return;
    try {
      metrics.workers({ active: queue.working, max: concurrency });
      await workOn(key, workshop, signal);
    } finally {
      queue.done(key);
      metrics.workers({ active: queue.working, max: concurrency });
    }
  }
}

async function workOn(key: string, workshop: Workshop, signal: AbortSignal): Promise<void> {
  const { sets, runtimes, queue, parts, metrics } = workshop;
  const stored = sets.get(key);
  if (!stored) {
    runtimes.drop(key);
    queue.forget(key);
    return;
  }
  const begun = parts.clock.monotonic();
  const verdict = await attempt(
    key,
    () => handleSet({ stored, runtime: runtimes.get(key, stored), parts, signal }),
    { log: parts.log, signal },
  );
  if (!verdict) return;
  if (verdict.ran) metrics.reconciled(toName(key), verdict.result, parts.clock.monotonic() - begun);
  if (verdict.retry) {
    queue.addRateLimited(key);
    return;
  }
  queue.forget(key);
  if (verdict.after !== undefined) queue.addAfter(key, verdict.after);
}

/** The verdict; undefined where the process ends or another leads, and the key is for whoever comes next. */
async function attempt(
  key: string,
  action: () => Promise<Verdict>,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<Verdict | undefined> {
  try {
    return await action();
  } catch (error) {
    if (signal.aborted || error instanceof NotLeaderError) return undefined;
    log.error('Reconciler error', { ...toName(key), error: (error as Error).message });
    return { result: 'error', retry: true, ran: true };
  }
}
