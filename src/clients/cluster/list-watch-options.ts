import type { JsonObject } from '../../lib/json.ts';
import type { Limiter } from '../../lib/limiter.ts';
import type { Logger } from '../../lib/logger.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { CacheListener } from './watch-cache.ts';
import type { WatchClock } from './watch-clock.ts';
import type { FailureKind } from './watch-failure.ts';
import { WATCH_DELAYS, type WatchDelays } from './watch-pace.ts';
import type { WatchPatience } from './watch-stream.ts';

/** How a watch stands: `forbidden` and `gone` (no such kind here) are asked again every few minutes. */
export type WatchState = 'starting' | 'watching' | 'broken' | 'forbidden' | 'gone';

/** How a watch came to its end. */
export type BreakKind = FailureKind | 'ended' | 'silent' | 'malformed';

/** Told what happens to watches; whoever counts must not throw. */
export interface WatchMetrics {
  broken(kind: BreakKind): void;
  /** A list was made again because the watch could not be resumed. */
  relisted(): void;
  /** So many changes that no event told of: more than 0 is a defect. */
  cacheMiss(count: number): void;
  /** A listener has thrown. */
  listenerFailed(): void;
}

/** Milliseconds of everything that takes time. */
export interface WatchTiming extends WatchDelays, WatchPatience {
  /** The shortest life that the server is asked to give a watch; the longest is twice that. */
  readonly lifetime: number;
  /** Between two comparisons of the cache with a fresh list. */
  readonly auditInterval: number;
  readonly auditGrace: number;
}

/** Servers send a bookmark about once a minute, so one that is silent for 90 s is gone. */
export const WATCH_TIMING: WatchTiming = {
  ...WATCH_DELAYS,
  opening: 30_000,
  inactivity: 90_000,
  lifetime: 300_000,
  auditInterval: 600_000,
  auditGrace: 240_000,
};

export interface ListWatchOptions<Item> {
  readonly client: ClusterClient;
  /** The path of the collection. */
  readonly path: string;
  readonly query?: { readonly labelSelector?: string; readonly fieldSelector?: string };
  /** Whether only metadata are asked for. */
  readonly metadataOnly?: boolean;
  /** What is kept of an object; undefined: nothing. */
  strip(object: JsonObject): Item | undefined;
  /** The resourceVersion of what is kept. */
  versionOf(item: Item): string;
  /** Called after the cache has changed, for the first list too, and not for what `note` brought. */
  readonly onChange: CacheListener<Item>;
  /** Told of each failure, which is dealt with already. */
  onError?(error: Error): void;
  readonly clock: WatchClock;
  random(): number;
  readonly log: Logger;
  readonly metrics?: WatchMetrics;
  readonly timing?: Partial<WatchTiming>;
  readonly pageSize?: number;
  /** Shared by watches that must not all list at once. */
  readonly limitLists?: Limiter;
}

export const NO_METRICS: WatchMetrics = { broken() {}, relisted() {}, cacheMiss() {}, listenerFailed() {} };
