import type { JsonObject } from '../../lib/json.ts';
import type { Limiter } from '../../lib/limiter.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import { statusError } from './api-error.ts';
import type { ApiRequest } from './cluster-client.ts';
import { isOlder } from './compare-versions.ts';
import { type Listing, listPages, METADATA_LIST, readCollectionVersion } from './list-pages.ts';
import {
  type BreakKind,
  type ListWatchOptions,
  NO_METRICS,
  WATCH_TIMING,
  type WatchMetrics,
  type WatchState,
  type WatchTiming,
} from './list-watch-options.ts';
import { countExisting, isSuspicious } from './shrink-guard.ts';
import { type AuditResult, auditCache } from './watch-audit.ts';
import { type CacheListener, type CompleteList, WatchCache } from './watch-cache.ts';
import { identify, versionOf, type WatchEvent } from './watch-event.ts';
import {
  classifyFailure,
  type FailureKind,
  isNotServed,
  MissedEventsError,
  RewoundError,
} from './watch-failure.ts';
import { WatchPace } from './watch-pace.ts';
import { readWatch, SilentWatchError } from './watch-stream.ts';

/** Flux's and client-go's page. */
const PAGE_SIZE = 500;

const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/**
 * Keeps a collection of the API server in memory, and loses no change of it: lists it, watches it from there on, and
 * resumes from the last version that was stored, whatever breaks. The recipe is client-go's Reflector; resourceVersions
 * are taken as they come. https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class ListWatch<Item> {
  /** Resolves when the first list is complete. */
  readonly synced: Promise<void>;
  readonly #options: ListWatchOptions<Item>;
  readonly #timing: WatchTiming;
  readonly #metrics: WatchMetrics;
  readonly #listing: Listing;
  readonly #cache: WatchCache<Item>;
  readonly #pace: WatchPace;
  readonly #firstList = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;
  #state: WatchState = 'starting';
  #stateChange = Promise.withResolvers<void>();
  #isServed = true;
  /** Up to where all events are stored; undefined: a list is due. */
  #position: string | undefined;
  /** Counts complete lists. */
  #generation = 0;
  /** Whether a watch has begun after a list, or failed to: an identity may be allowed the one and not the other. */
  #isWatchTried = false;
  /** Whether the next list is of another history than the cache. */
  #isRewound = false;
  /** Whether the server may have been restored from a backup since it was last heard of. */
  #isDoubtful = false;
  #watching: AbortController | undefined;
  /** Ends the wait for the next attempt. */
  #nap: AbortController | undefined;

  constructor(options: ListWatchOptions<Item>) {
    this.#options = options;
    this.#timing = { ...WATCH_TIMING, ...options.timing };
    this.#metrics = options.metrics ?? NO_METRICS;
    this.#listing = {
      client: options.client,
      path: options.path,
      query: { ...options.query },
      accept: options.metadataOnly ? METADATA_LIST : 'application/json',
      pageSize: options.pageSize ?? PAGE_SIZE,
    };
    this.#cache = new WatchCache(options.versionOf, (...change) => this.#tell(change));
    this.#pace = new WatchPace(this.#timing, options.random);
    this.synced = this.#firstList.promise;
  }

  get state(): WatchState {
    return this.#state;
  }

  get size(): number {
    return this.#cache.size;
  }

  get(key: string): Item | undefined {
    return this.#cache.get(key);
  }

  entries(): IterableIterator<[string, Item]> {
    return this.#cache.entries();
  }

  /** Takes what a write's answer says, and calls no listener; true where the cache did not know it. */
  note(key: string, item: Item | undefined): boolean {
    return this.#cache.note(key, item);
  }

  /** Whether the server has the kind, as far as it is known: false after a 404, until something else is heard. */
  get isServed(): boolean {
    return this.#isServed;
  }

  /** Whether the cache may be relied on now: whole, and in contact with the server. */
  isFresh(): boolean {
    return this.#generation > 0 && this.#state === 'watching';
  }

  /** Resolves as soon as it is known whether the cache is whole, or cannot be: false. Throws when aborted. */
  async settled(signal: AbortSignal): Promise<boolean> {
    if (this.#state === 'gone' && !this.#isServed) this.#wake();
    for (;;) {
      signal.throwIfAborted();
      if (this.#state === 'forbidden' || this.#state === 'gone') return false;
      if (this.#isWatchTried) return true;
      await untilAborted(this.#stateChange.promise, signal);
    }
  }

  /** Whoever asks for a kind that was not there believes that it is there again. */
  #wake(): void {
    this.#isWatchTried = false;
    this.#setState('starting');
    this.#nap?.abort();
  }

  /** Lists and watches until the signal is aborted; never rejects. Nobody is called after that. */
  run(signal: AbortSignal): Promise<void> {
    this.#running ??= Promise.all([this.#follow(signal), this.#auditRegularly(signal)]).then(() => {});
    return this.#running;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const nap = new AbortController();
      this.#nap = nap;
      const delay = await this.#attempt(signal);
      if (delay > 0) await this.#options.clock.sleep(delay, AbortSignal.any([signal, nap.signal]));
    }
  }

  /** One watch, with a list before it where that is due. Gives the milliseconds until the next one. */
  async #attempt(signal: AbortSignal): Promise<number> {
    this.#pace.begin();
    try {
      await this.#prepare(signal);
      await this.#watch(signal);
      this.#metrics.broken('ended');
      return this.#pace.afterEnd(this.#options.clock.monotonic());
    } catch (error) {
      return signal.aborted ? 0 : this.#handleFailure(error as Error);
    }
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    if (this.#isDoubtful && this.#position !== undefined) {
      const version = await readCollectionVersion(this.#listing, signal);
      if (isOlder(version, this.#position)) this.#forget(true);
    }
    this.#isDoubtful = false;
    if (this.#position === undefined) await this.#list(signal);
  }

  async #list(signal: AbortSignal): Promise<void> {
    const record = this.#cache.record();
    try {
      // What was written before the list begins is in it, or gone again.
      const list = await this.#readWorld(signal, () => record.restart());
      await this.#guardAgainstShrinking(list, record.touched, signal);
      signal.throwIfAborted();
      if (this.#generation > 0) this.#metrics.relisted();
      this.#cache.replace(list, record.touched, this.#isRewound);
      this.#position = list.resourceVersion;
      this.#isRewound = false;
    } finally {
      record.close();
    }
    this.#generation++;
    this.#setState('watching');
    this.#firstList.resolve();
  }

  async #readWorld(signal: AbortSignal, onTurn = () => {}): Promise<CompleteList<Item>> {
    const limit: Limiter = this.#options.limitLists ?? ((action) => action());
    const list = () => {
      onTurn();
      return listPages(
        this.#listing,
        (object) => [identify(object).key, this.#strip(object)] as const,
        signal,
      );
    };
    const { resourceVersion, items } = await limit(list);
    return {
      resourceVersion,
      items: new Map(items.filter((entry) => entry[1] !== undefined)) as Map<string, Item>,
    };
  }

  async #guardAgainstShrinking(
    list: CompleteList<Item>,
    touched: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const vanished = this.#cache.vanished(list, touched);
    if (!isSuspicious(vanished.length, this.#cache.size)) return;
    const existing = await countExisting(this.#listing, vanished, signal);
    if (existing === 0) return;
    throw new Error(
      `a list of ${this.#options.path} lacks ${existing} objects that exist; it is not believed`,
    );
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.#options;
    const interrupted = new AbortController();
    this.#watching = interrupted;
    const watch = {
      client,
      clock,
      request: this.#watchRequest(),
      patience: this.#timing,
      onOpen: () => {
        this.#isWatchTried = true;
        this.#pace.opened(clock.monotonic());
        this.#setState('watching');
      },
      onEvent: (event: WatchEvent) => this.#take(event),
    };
    const stop = () => interrupted.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      await readWatch(watch, interrupted.signal);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#watching = undefined;
    }
  }

  #watchRequest(): ApiRequest {
    const { path, query, metadataOnly, random } = this.#options;
    const seconds = Math.max(1, Math.round((this.#timing.lifetime * (1 + random())) / 1000));
    return {
      method: 'GET',
      path,
      query: {
        ...query,
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: this.#position ?? '',
        timeoutSeconds: String(seconds),
      },
      accept: metadataOnly ? METADATA : 'application/json',
    };
  }

  /** The position advances only when the object is stored. */
  #take({ type, object }: WatchEvent): void {
    if (type === 'ERROR')
      throw statusError('watch', object) ?? new SyntaxError('an error of the watch is no status');
    if (type === 'BOOKMARK') {
      this.#position = versionOf(object);
    } else {
      const { key, resourceVersion } = identify(object);
      // A write's answer may have said it already.
      const isKnown = this.#cache.has(key, resourceVersion);
      const item = () => (isKnown ? this.#cache.get(key) : this.#strip(object));
      this.#cache.store(key, type === 'DELETED' ? undefined : item(), resourceVersion);
      this.#position = resourceVersion;
    }
    this.#pace.delivered();
  }

  #handleFailure(error: Error): number {
    const failure = classifyFailure(error);
    const kind = breakKindOf(error, failure.kind);
    const now = this.#options.clock.monotonic();
    // Some servers send no bookmarks while nothing happens: their silence is no fault, and is ended at once.
    const isQuiet = kind === 'silent' && this.#pace.isOpen;
    const delay = isQuiet ? this.#pace.afterEnd(now) : this.#pace.afterFailure(failure, now);
    if (failure.kind === 'expired' || failure.kind === 'rewound') this.#forget(failure.kind === 'rewound');
    this.#isDoubtful ||= kind === 'silent' || !this.#pace.isOpen;
    this.#isWatchTried ||= this.#generation > 0;
    this.#isServed = !isNotServed(error);
    this.#metrics.broken(kind);
    this.#logFailure(error, kind, delay);
    this.#setState(kind === 'forbidden' || kind === 'gone' ? kind : 'broken');
    this.#tellError(error);
    return delay;
  }

  /** What rights or kinds lack is said once; all else mends itself. */
  #logFailure({ message }: Error, kind: BreakKind, delay: number): void {
    const { log, path } = this.#options;
    const fields = { path, kind, error: message, retryInMilliseconds: Math.round(delay) };
    const isNews = (kind === 'forbidden' || kind === 'gone') && this.#state !== kind;
    if (isNews) log.warn('cannot be watched', fields);
    else log.debug('watch broken', fields);
  }

  #forget(isRewound: boolean): void {
    this.#position = undefined;
    this.#isRewound ||= isRewound;
  }

  async #auditRegularly(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(this.#timing.auditInterval * (0.9 + random() / 5), signal);
      if (signal.aborted || !this.isFresh()) continue;
      await this.#audit(signal).catch((error: Error) => {
        if (signal.aborted) return;
        this.#options.log.debug('cache not compared', { path: this.#options.path, error: error.message });
      });
    }
  }

  async #audit(signal: AbortSignal): Promise<void> {
    const result = await auditCache<Item>(
      {
        cache: this.#cache,
        clock: this.#options.clock,
        grace: this.#timing.auditGrace,
        versionOf: this.#options.versionOf,
        list: (abort) => this.#readWorld(abort),
        position: () => this.#position,
        generation: () => this.#generation,
        isWatching: () => this.#state === 'watching',
      },
      signal,
    );
    if (!signal.aborted) this.#handleAudit(result);
  }

  /** A cache that cannot be trusted is made anew. */
  #handleAudit({ missed, isRewound }: AuditResult): void {
    if (missed.length === 0 && !isRewound) return;
    const error = isRewound ? new RewoundError() : new MissedEventsError(missed.length);
    if (missed.length > 0) {
      this.#metrics.cacheMiss(missed.length);
      const fields = { path: this.#options.path, count: missed.length, first: missed.slice(0, 10) };
      this.#options.log.error('changes were missed; listing anew', fields);
    }
    if (this.#watching) this.#watching.abort(error);
    else this.#forget(isRewound);
  }

  /** An object that cannot be read is as good as none; all others go on. */
  #strip(object: JsonObject): Item | undefined {
    try {
      return this.#options.strip(object);
    } catch (error) {
      this.#reportListener(error as Error);
      return undefined;
    }
  }

  #tell(change: Parameters<CacheListener<Item>>): void {
    try {
      this.#options.onChange(...change);
    } catch (error) {
      this.#reportListener(error as Error);
    }
  }

  #tellError(error: Error): void {
    try {
      this.#options.onError?.(error);
    } catch (thrown) {
      this.#reportListener(thrown as Error);
    }
  }

  #reportListener(error: Error): void {
    this.#metrics.listenerFailed();
    this.#options.log.error('a listener of a watch failed', { path: this.#options.path, error });
  }

  #setState(state: WatchState): void {
    this.#state = state;
    this.#isServed ||= state === 'watching';
    this.#stateChange.resolve();
    this.#stateChange = Promise.withResolvers<void>();
  }
}

function breakKindOf(error: Error, kind: FailureKind): BreakKind {
  if (error instanceof SilentWatchError) return 'silent';
  if (error instanceof SyntaxError) return 'malformed';
  return kind;
}
