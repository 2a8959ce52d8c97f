import { createLimiter, type Limiter } from '../../lib/limiter.ts';
import type { Logger } from '../../lib/logger.ts';
import { ListWatch } from './list-watch.ts';
import type { WatchMetrics, WatchTiming } from './list-watch-options.ts';
import { collectionPath } from './paths.ts';
import type {
  SharedWatches,
  WatchedObject,
  WatchHandle,
  WatchListener,
  WatchOwner,
  WatchScope,
} from './shared-watches.ts';
import type { WatchClock } from './watch-clock.ts';
import { WatchListeners } from './watch-listeners.ts';
import { toWatchedObject } from './watched-object.ts';

/** Milliseconds for which a watch goes on that nobody holds: passes let go and take again. */
const LINGER = 30_000;
/** Collections that are listed at a time. */
const CONCURRENT_LISTS = 4;

export interface SharedWatchesOptions {
  readonly clock: WatchClock;
  random(): number;
  readonly log: Logger;
  readonly metrics?: WatchMetrics;
  readonly timing?: Partial<WatchTiming>;
  /** Milliseconds for which a watch goes on that nobody holds; default 30 s. */
  readonly linger?: number;
}

/**
 * Creates the metadata watches that all sets share. A listener hears of changes from `acquire` on, the objects of the
 * first list among them; what an older watch knows already, `get` says.
 */
export function createSharedWatches(options: SharedWatchesOptions): SharedWatches {
  const shared = new Map<string, SharedWatch>();
  const closed = new AbortController();
  const limitLists = createLimiter(CONCURRENT_LISTS);
  const create = (scope: WatchScope, key: string): SharedWatch => {
    const watch = new SharedWatch(scope, { ...options, limitLists });
    shared.set(key, watch);
    void watch.ended.then(() => {
      if (shared.get(key) === watch) shared.delete(key);
    });
    return watch;
  };
  return {
    acquire(scope, listener) {
      if (closed.signal.aborted) throw new Error('the watches are closed');
      if (!isWatchable(scope)) return UNWATCHABLE;
      const key = keyOf(scope);
      const present = shared.get(key);
      return (present && !present.isEnding ? present : create(scope, key)).hold(listener, scope.owner);
    },
    async close() {
      closed.abort();
      const watches = [...shared.values()];
      for (const watch of watches) watch.end();
      await Promise.all(watches.map(({ ended }) => ended));
    },
  };
}

/** A kind that the server does not let anybody watch. */
const UNWATCHABLE: WatchHandle = {
  synced: (signal) => (signal.aborted ? Promise.reject(signal.reason) : Promise.resolve(false)),
  isServed: () => true,
  isFresh: () => false,
  get: () => undefined,
  note() {},
  release() {},
};

function isWatchable({ kind: { verbs } }: WatchScope): boolean {
  return verbs.includes('list') && verbs.includes('watch');
}

/** One identity sees one world: nobody gets a watch of somebody else. */
function keyOf({ client, kind, namespace, labelSelector }: WatchScope): string {
  const { apiVersion, plural } = kind;
  return JSON.stringify([client.user ?? null, apiVersion, plural, namespace, labelSelector ?? null]);
}

interface SharedWatchOptions extends SharedWatchesOptions {
  readonly limitLists: Limiter;
}

/** One watch and those who hold it. */
class SharedWatch {
  /** Resolves when the watch has ended. */
  readonly ended: Promise<void>;
  readonly #list: ListWatch<WatchedObject>;
  readonly #listeners = new WatchListeners();
  readonly #stop = new AbortController();
  readonly #options: SharedWatchOptions;
  #lingering: AbortController | undefined;
  #isGone = false;

  constructor({ client, kind, namespace, labelSelector }: WatchScope, options: SharedWatchOptions) {
    this.#options = options;
    this.#list = new ListWatch<WatchedObject>({
      ...options,
      client,
      path: collectionPath(kind, namespace),
      ...(labelSelector !== undefined && { query: { labelSelector } }),
      metadataOnly: true,
      strip: toWatchedObject,
      versionOf: (object) => object.resourceVersion,
      onChange: (...change) => this.#tell(change),
      onError: () => this.#tellIfGone(),
    });
    this.ended = this.#list.run(this.#stop.signal);
  }

  /** Whether it can't be held any more. */
  get isEnding(): boolean {
    return this.#stop.signal.aborted;
  }

  hold(listener: WatchListener, owner: WatchOwner | undefined): WatchHandle {
    const holder = this.#listeners.add(listener, owner);
    this.#lingering?.abort();
    this.#lingering = undefined;
    return {
      synced: (signal) => this.#list.settled(signal),
      isServed: () => this.#list.isServed,
      isFresh: () => this.#list.isFresh(),
      get: (key) => this.#list.get(key),
      note: (key, object) => this.#note(holder, key, object),
      release: () => this.#release(holder),
    };
  }

  end(): void {
    this.#lingering?.abort();
    this.#stop.abort();
  }

  /** Whoever wrote knows; the others must hear of it here, for no event will tell them. */
  #note(writer: symbol, key: string, object: WatchedObject | undefined): void {
    const before = this.#list.get(key);
    if (this.#list.note(key, object)) this.#tell([key, before, object], writer);
  }

  #release(holder: symbol): void {
    if (!this.#listeners.delete(holder) || this.#listeners.size > 0 || this.isEnding) return;
    const lingering = new AbortController();
    this.#lingering = lingering;
    void this.#options.clock.sleep(this.#options.linger ?? LINGER, lingering.signal).then(() => {
      if (!lingering.signal.aborted) this.#stop.abort();
    });
  }

  /** With the definition of a kind its objects go, and no event may say so: whoever holds them must look. */
  #tellIfGone(): void {
    const isGone = this.#list.state === 'gone';
    if (isGone && !this.#isGone) {
      for (const [key, object] of this.#list.entries()) this.#tell([key, object, undefined]);
    }
    this.#isGone = isGone;
  }

  #tell(change: Parameters<WatchListener>, writer?: symbol): void {
    const [, before, after] = change;
    for (const listener of this.#listeners.concernedBy(before, after, writer))
      this.#tellOne(listener, change);
  }

  #tellOne(listener: WatchListener, change: Parameters<WatchListener>): void {
    try {
      listener(...change);
    } catch (error) {
      this.#options.metrics?.listenerFailed();
      this.#options.log.error('a listener of a watch failed', { error });
    }
  }
}
