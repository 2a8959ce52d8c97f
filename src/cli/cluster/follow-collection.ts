import { ListWatch } from '../../clients/cluster/list-watch.ts';
import type { ListWatchOptions, WatchTiming } from '../../clients/cluster/list-watch-options.ts';
import { systemWatchClock } from '../../clients/cluster/watch-clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';
import { PAGE_SIZE } from './stored-sets.ts';

/** A collection that somebody watches. */
interface Following<Item> {
  readonly path: string;
  readonly query: NonNullable<ListWatchOptions<JsonObject>['query']>;
  /** Default that of all watches. */
  readonly timing?: Partial<WatchTiming>;
  /** What is kept of an object, and told. */
  take(object: JsonObject): Item;
  /** Called once with all that there is, by namespace and name. */
  first(items: readonly Item[]): void;
  /** Called for every change from then on; undefined: the object is gone. */
  changed(after: Item | undefined, before: Item | undefined): void;
}

/** What is remembered of an object. */
interface Kept<Item> {
  readonly version: string;
  readonly item: Item;
}

/**
 * Follows a collection until Ctrl-C, or until the time is over, which is no failure. Broken connections and versions
 * that are too old are dealt with; only what keeps the very first list from being read is thrown, and a right that is
 * taken away later is said.
 */
export async function followCollection<Item>(
  { client, log, signal }: Pick<ClusterSession, 'client' | 'log' | 'signal'>,
  { path, query, timing = {}, take, first, changed }: Following<Item>,
): Promise<void> {
  const ended = new AbortController();
  const refused = Promise.withResolvers<never>();
  let isFirst = true;
  const watch = new ListWatch<Kept<Item>>({
    ...{ client, path, query, timing, pageSize: PAGE_SIZE, clock: systemWatchClock, random: Math.random },
    log: { ...log, error: (message) => log.warn(message), debug: () => {} },
    strip: (object) => ({ version: String(metadataOf(object)['resourceVersion']), item: take(object) }),
    versionOf: ({ version }) => version,
    onChange: (_key, before, after) => {
      if (!isFirst && !signal.aborted) changed(after?.item, before?.item);
    },
    onError: (error) => {
      if (isFirst) refused.reject(error);
    },
  });
  const running = watch.run(AbortSignal.any([signal, ended.signal]));
  try {
    await Promise.race([watch.synced, refused.promise, running]);
    if (!signal.aborted) first([...watch.entries()].sort(byKey).map(([, { item }]) => item));
    isFirst = false;
    await running;
    if (!isTimeout(signal)) signal.throwIfAborted();
  } finally {
    ended.abort();
    await running;
  }
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** Whether the time is over; that is no failure for what has no end of its own. */
export function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
