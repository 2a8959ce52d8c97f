import assert from 'node:assert/strict';
import { ListWatch } from '../../src/clients/cluster/list-watch.ts';
import type { ListWatchOptions } from '../../src/clients/cluster/list-watch-options.ts';
import { versionOf } from '../../src/clients/cluster/watch-event.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { FakeCollection } from './fake-collection.ts';
import { ManualClock, settle } from './manual-clock.ts';

/** Where the fake collection is. */
export const COLLECTION = '/api/v1/namespaces/default/configmaps';

/** A ListWatch that follows the versions of a fake collection on a clock of its own. */
export class FollowedCollection {
  readonly server = new FakeCollection();
  readonly clock = new ManualClock();
  readonly stop = new AbortController();
  /** What the metrics were told, by their names. */
  readonly counts: Record<string, number> = {};
  /** What the listener was told: `key: before after`. */
  readonly told: string[] = [];
  #watch: ListWatch<string> | undefined;

  get watch(): ListWatch<string> {
    if (!this.#watch) throw new Error('the watch was not started');
    return this.#watch;
  }

  /** Starts the watch; without audits, unless the timing says so. */
  async start(options: Partial<ListWatchOptions<string>> = {}): Promise<void> {
    this.#watch = new ListWatch<string>({
      client: this.server,
      path: COLLECTION,
      strip: versionOf,
      versionOf: (version) => version,
      onChange: (key, before, after) => this.told.push(`${key}: ${before ?? '-'} ${after ?? '-'}`),
      clock: this.clock,
      random: () => 0.5,
      log: silentLogger,
      metrics: {
        broken: (kind) => this.#count(kind),
        relisted: () => this.#count('relisted'),
        cacheMiss: (missed) => this.#count('missed', missed),
        listenerFailed: () => this.#count('listenerFailed'),
      },
      timing: { auditInterval: 1e9 },
      ...options,
    });
    void this.watch.run(this.stop.signal);
    await settle();
  }

  /** The queries of all lists. */
  lists(): JsonObject[] {
    return this.#queries('limit');
  }

  /** The queries of all watches. */
  watches(): JsonObject[] {
    return this.#queries('watch');
  }

  assertEqual(): void {
    assert.deepEqual(Object.fromEntries(this.watch.entries()), this.server.world());
  }

  #queries(parameter: string): JsonObject[] {
    return this.server.requests
      .filter(({ query }) => query?.[parameter] !== undefined)
      .map(({ query }) => ({ ...query }));
  }

  #count(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }
}
