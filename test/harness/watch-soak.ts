import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterClient } from '../../src/clients/cluster/cluster-client.ts';
import { ListWatch } from '../../src/clients/cluster/list-watch.ts';
import type { WatchTiming } from '../../src/clients/cluster/list-watch-options.ts';
import { openCluster } from '../../src/clients/cluster/open-cluster.ts';
import { systemWatchClock } from '../../src/clients/cluster/watch-clock.ts';
import { identify, versionOf } from '../../src/clients/cluster/watch-event.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createNamespace, waitFor } from '../components/cluster-objects.ts';
import type { KubeApiserver } from '../components/kube-apiserver.ts';
import { kubeconfigText } from '../components/kube-apiserver-files.ts';
import {
  type BreakingProxy,
  OPENING_BREAKS,
  type OpeningBreak,
  STREAM_BREAKS,
  type StreamBreak,
  startBreakingProxy,
} from './breaking-proxy.ts';
import { type WrittenChange, writeConfigMaps } from './watch-writers.ts';

interface SoakOptions {
  readonly server: KubeApiserver;
  /** Where the kubeconfig for the way through the proxy is written. */
  readonly folder: string;
  readonly breaks: number;
  readonly changes: number;
  readonly namespaces: number;
  readonly objects: number;
  readonly random: () => number;
  onProgress?(line: string): void;
}

/** Durations in milliseconds. */
export interface SoakFigures {
  readonly breaks: number;
  readonly changes: number;
  readonly seconds: number;
  readonly broken: Readonly<Record<string, number>>;
  readonly relists: number;
  readonly misses: number;
  readonly audits: number;
  readonly listenersFailed: number;
  /** From the answer to a write until the cache had it. */
  readonly latency: Percentiles;
  /** From a break until a change that was written after it was in the cache. */
  readonly catchUp: Readonly<Record<string, Percentiles>>;
  /** From the last break until the caches were equal to the server's lists. */
  readonly afterLastBreak: number;
}

interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Small, so that thousands of breaks fit into minutes; the numbers of breaks and changes are those that count. */
export const SOAK_TIMING: Partial<WatchTiming> = {
  retry: { min: 50, max: 1000 },
  relistSpread: 200,
  opening: 1500,
  inactivity: 1500,
  auditInterval: 10_000,
  auditGrace: 60_000,
};

/** What a listener has been told of one collection, and when. */
class ObservedWorld {
  readonly versions = new Map<string, string>();
  readonly contradictions: string[] = [];
  readonly #onSeen: (key: string, version: string | undefined) => void;

  constructor(onSeen: (key: string, version: string | undefined) => void) {
    this.#onSeen = onSeen;
  }

  take(key: string, before: string | undefined, after: string | undefined): void {
    if (this.versions.get(key) !== before) this.contradictions.push(`${key}: ${before}`);
    if (after === undefined) this.versions.delete(key);
    else this.versions.set(key, after);
    this.#onSeen(key, after);
  }
}

interface Followed {
  readonly path: string;
  readonly namespace: string;
  readonly watch: ListWatch<string>;
  readonly world: ObservedWorld;
  /** The break whose end is waited for. */
  broken: { readonly kind: string; readonly at: number } | undefined;
}

/**
 * Follows ConfigMaps through a proxy that breaks the watches in every way, while they are written at full speed; proves
 * at the end that caches and listeners have the world of the API server, and that no audit missed a change.
 */
export async function soakWatches(options: SoakOptions): Promise<SoakFigures> {
  const proxy = await startBreakingProxy(options.server);
  const kubeconfig = join(options.folder, 'proxy.kubeconfig');
  await writeFile(kubeconfig, kubeconfigText(proxy, options.server.adminToken), { mode: 0o600 });
  const cluster = await openCluster({ kubeconfig, userAgent: 'soak', log: silentLogger });
  const soak = new Soak(options, proxy);
  try {
    return await soak.run(cluster.client);
  } finally {
    await soak.stop();
    await cluster.close();
    await proxy.close();
  }
}

class Soak {
  readonly #options: SoakOptions;
  readonly #proxy: BreakingProxy;
  readonly #stop = new AbortController();
  readonly #followed: Followed[] = [];
  readonly #runs: Promise<void>[] = [];
  readonly #written = new Map<string, WrittenChange>();
  readonly #latencies: number[] = [];
  readonly #catchUps = new Map<string, number[]>();
  readonly #counts = { broken: {} as Record<string, number>, relists: 0, misses: 0, listenersFailed: 0 };
  #breaks = 0;
  #changes = 0;

  constructor(options: SoakOptions, proxy: BreakingProxy) {
    this.#options = options;
    this.#proxy = proxy;
  }

  async run(client: ClusterClient): Promise<SoakFigures> {
    const { server, namespaces, objects, random, breaks, changes } = this.#options;
    for (let i = 0; i < namespaces; i++) this.#follow(client, await createNamespace(server, 'soak'), i);
    await Promise.all(this.#followed.map(({ watch }) => watch.synced));
    const start = performance.now();
    const breaking = this.#breakAll();
    await writeConfigMaps(server, {
      namespaces: this.#followed.map(({ namespace }) => namespace),
      objects,
      writers: 24,
      random,
      isEnough: (written) => this.#stop.signal.aborted || (written >= changes && this.#breaks >= breaks),
      // Changes go on as long as breaks do.
      mayWrite: (written) => written < 500 + (changes * this.#breaks) / breaks,
      onWritten: (change) => this.#noteWritten(change),
    });
    await breaking;
    const lastBreak = performance.now();
    const requests = this.#proxy.counts;
    await this.#untilEqual();
    const afterLastBreak = performance.now() - lastBreak;
    await this.#auditOnceMore();
    await this.#check();
    return {
      breaks: this.#breaks,
      changes: this.#changes,
      seconds: Math.round((lastBreak - start) / 1000),
      ...this.#counts,
      audits: requests.others,
      latency: percentiles(this.#latencies),
      catchUp: Object.fromEntries([...this.#catchUps].map(([kind, values]) => [kind, percentiles(values)])),
      afterLastBreak: Math.round(afterLastBreak),
    };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#runs);
  }

  /** Every second collection by its metadata, the others whole. */
  #follow(client: ClusterClient, namespace: string, index: number): void {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const world = new ObservedWorld((key, version) => this.#noteSeen(followed, key, version));
    const counts = this.#counts;
    const watch = new ListWatch<string>({
      client,
      path,
      metadataOnly: index % 2 === 0,
      strip: versionOf,
      versionOf: (version) => version,
      onChange: (...change) => world.take(...change),
      clock: systemWatchClock,
      random: this.#options.random,
      log: silentLogger,
      timing: SOAK_TIMING,
      metrics: {
        broken: (kind) => {
          counts.broken[kind] = (counts.broken[kind] ?? 0) + 1;
        },
        relisted: () => void counts.relists++,
        cacheMiss: (count) => {
          counts.misses += count;
        },
        listenerFailed: () => void counts.listenersFailed++,
      },
    });
    const followed: Followed = { path, namespace, watch, world, broken: undefined };
    this.#followed.push(followed);
    this.#runs.push(watch.run(this.#stop.signal));
  }

  #noteWritten(change: WrittenChange): void {
    this.#changes++;
    const namespace = change.key.slice(0, change.key.indexOf('/'));
    const followed = this.#followed.find((it) => it.namespace === namespace) as Followed;
    // The event may have been faster than the answer.
    if (followed.world.versions.get(change.key) !== change.resourceVersion) {
      this.#written.set(change.key, change);
      return;
    }
    this.#written.delete(change.key);
    this.#latencies.push(0);
  }

  #noteSeen(followed: Followed, key: string, version: string | undefined): void {
    const written = this.#written.get(key);
    if (!written || written.resourceVersion !== version) return;
    this.#written.delete(key);
    this.#latencies.push(performance.now() - written.at);
    const { broken } = followed;
    if (!broken || written.at < broken.at) return;
    followed.broken = undefined;
    const times = this.#catchUps.get(broken.kind) ?? [];
    this.#catchUps.set(broken.kind, [...times, performance.now() - broken.at]);
  }

  /** Breaks one collection after the other, each again as soon as it has caught up. */
  async #breakAll(): Promise<void> {
    const { breaks, onProgress } = this.#options;
    const kinds = [...STREAM_BREAKS, ...OPENING_BREAKS];
    while (this.#breaks < breaks && !this.#stop.signal.aborted) {
      const open = new Set(this.#proxy.watched());
      for (const followed of this.#followed) {
        if (followed.broken || !open.has(followed.path) || this.#breaks >= breaks) continue;
        const kind = kinds[this.#breaks % kinds.length] as StreamBreak | OpeningBreak;
        if (!this.#breakOne(followed, kind)) continue;
        this.#breaks++;
        if (this.#breaks % 500 === 0) onProgress?.(`${this.#breaks} breaks, ${this.#changes} changes`);
      }
      await delay(5);
    }
  }

  #breakOne(followed: Followed, kind: StreamBreak | OpeningBreak): boolean {
    const { path } = followed;
    if (isOpening(kind)) this.#proxy.breakOpening(path, kind);
    if (!this.#proxy.breakStream(path, isOpening(kind) ? 'reset' : kind)) return false;
    followed.broken = { kind, at: performance.now() };
    return true;
  }

  async #untilEqual(): Promise<void> {
    for (const { path, watch } of this.#followed) {
      await waitFor(
        `the cache of ${path} to be equal`,
        async () => isEqual(await this.#listed(path), new Map(watch.entries())),
        60_000,
      );
    }
  }

  /** Waits for audits of caches that rest. */
  async #auditOnceMore(): Promise<void> {
    const before = this.#proxy.counts.others;
    await waitFor('audits', () => this.#proxy.counts.others >= before + this.#followed.length, 60_000);
    await delay(500);
  }

  async #check(): Promise<void> {
    for (const { path, watch, world } of this.#followed) {
      const listed = await this.#listed(path);
      assert.deepEqual(new Map([...watch.entries()].sort()), listed);
      assert.deepEqual(new Map([...world.versions].sort()), listed);
      assert.deepEqual(world.contradictions, []);
      await waitFor(`${path} to be fresh`, () => watch.isFresh());
    }
    assert.deepEqual([...this.#written.values()], [], 'changes that no listener was told of');
  }

  async #listed(path: string): Promise<Map<string, string>> {
    const { body } = await this.#options.server.request<{ items: never[] }>('GET', path);
    const entries = body.items
      .map(identify)
      .map(({ key, resourceVersion }) => [key, resourceVersion] as const);
    return new Map([...entries].sort());
  }
}

function isOpening(kind: StreamBreak | OpeningBreak): kind is OpeningBreak {
  return (OPENING_BREAKS as readonly string[]).includes(kind);
}

function isEqual(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, version]) => b.get(key) === version);
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
