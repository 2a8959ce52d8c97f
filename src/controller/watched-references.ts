import type { ObjectReader, ObjectRef } from '../api/readers.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { isOlder } from '../clients/cluster/compare-versions.ts';
import type { Discovery } from '../clients/cluster/discovery.ts';
import type { SharedWatches, WatchedObject, WatchHandle } from '../clients/cluster/shared-watches.ts';
import type { JsonObject } from '../lib/json.ts';

/** Milliseconds that a pass waits for a watch to begin; where others cannot be listed, one can be read all the same. */
const SYNC_TIMEOUT = 10_000;

/** References of one set beyond which those of earlier passes are let go. */
const MAX_WATCHED = 200;

/** What an object is read for: to give elements, to find the target, or as a dependency. */
export type Use = 'generate' | 'target' | 'depend';

/** What was seen of an object; undefined: it is not there. */
type Seen = Pick<WatchedObject, 'uid' | 'resourceVersion' | 'generation'> | undefined;

interface Watched {
  readonly handle: WatchHandle;
  readonly scope: string;
  /** Whether the identity may not watch it, or the watch does not begin. */
  isForbidden: boolean;
  seen: Seen;
  /** The pass that read it last. */
  pass: number;
}

/** What references are read and watched with, and what for. */
interface ReferenceOptions {
  readonly use: Use;
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly watches: SharedWatches;
  readonly reader: ObjectReader;
}

/** The objects that the passes of one set read, such as Secrets: a change of one makes the set due. */
export class WatchedReferences {
  readonly #watched = new Map<string, Watched>();
  readonly #onChange: (use: Use) => void;
  readonly #syncTimeout: number;
  #pass = 0;

  constructor(onChange: (use: Use) => void, syncTimeout = SYNC_TIMEOUT) {
    this.#onChange = onChange;
    this.#syncTimeout = syncTimeout;
  }

  /** A pass begins. */
  beginPass(): void {
    // A set that fails and is edited again and again lets go of nothing by itself.
    if (this.#watched.size > MAX_WATCHED) this.endPass();
    this.#pass++;
  }

  /** A reader for the pass, which notes and watches what it reads. */
  reader(options: ReferenceOptions): ObjectReader {
    return {
      get: async (ref, signal) => {
        const object = await options.reader.get(ref, signal);
        await this.#watch(ref, object && seenOf(object.metadata), options, signal);
        return object;
      },
    };
  }

  /**
   * Lets go of what the pass that ends now has not read: for a pass that has read everything. Others leave what was
   * read for elements that they had from memory.
   */
  endPass(): void {
    for (const [key, watched] of this.#watched) {
      if (watched.pass === this.#pass) continue;
      watched.handle.release();
      this.#watched.delete(key);
    }
  }

  /** What the identity may not watch, for the condition; empty: nothing. */
  unwatched(): readonly string[] {
    const forbidden = [...this.#watched.values()].filter(({ isForbidden }) => isForbidden);
    return [...new Set(forbidden.map(({ scope }) => scope))];
  }

  release(): void {
    this.#pass++;
    this.endPass();
  }

  async #watch(
    ref: ObjectRef,
    seen: Seen,
    { use, client, discovery, watches }: ReferenceOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const kind = await discovery.find(ref.apiVersion, ref.kind, signal);
    if (!kind) return;
    const namespace = kind.namespaced ? ref.namespace : '';
    const name = kind.namespaced ? `${namespace}/${ref.name}` : ref.name;
    const key = `${use}\n${client.user}\n${ref.apiVersion}\n${ref.kind}\n${name}`;
    const known = this.#watched.get(key);
    if (known) {
      known.seen = seen;
      known.pass = this.#pass;
    } else {
      const watched: Watched = {
        handle: watches.acquire({ client, kind, namespace }, (changed, _, after) => {
          if (changed !== name || isSame(use, watched.seen, after)) return;
          watched.seen = after;
          this.#onChange(use);
        }),
        scope: `${kind.plural} in ${namespace || 'the cluster'}`,
        isForbidden: false,
        seen,
        pass: this.#pass,
      };
      this.#watched.set(key, watched);
    }
    const watched = this.#watched.get(key) as Watched;
    watched.isForbidden = !(await isSynced(watched.handle, this.#syncTimeout, signal));
    // A change between the read and the hold on a watch that others had already.
    if (isBehind(use, watched.seen, watched.handle.get(name))) this.#onChange(use);
  }
}

/** Whether changes will be heard of; false where the identity may not watch, or where the watch does not begin. */
async function isSynced(handle: WatchHandle, timeout: number, signal: AbortSignal): Promise<boolean> {
  const late = AbortSignal.timeout(timeout);
  try {
    return await handle.synced(AbortSignal.any([signal, late]));
  } catch (error) {
    if (signal.aborted || !late.aborted) throw error;
    return false;
  }
}

/** Whether what was read is older than what the watch shows, and differs. */
function isBehind(use: Use, read: Seen, shown: Seen): boolean {
  if (shown === undefined || isSame(use, read, shown)) return false;
  return read === undefined || isOlder(read.resourceVersion, shown.resourceVersion);
}

/**
 * Whether a change is none for this use. Of a source only the spec tells where to commit; its status changes with
 * every commit, our own among them.
 */
function isSame(use: Use, before: Seen, after: Seen): boolean {
  if (before?.resourceVersion === after?.resourceVersion) return true;
  if (use !== 'target' || before?.generation === undefined) return false;
  return before.uid === after?.uid && before.generation === after.generation;
}

function seenOf(metadata: JsonObject): Seen {
  const { uid, resourceVersion, generation } = metadata;
  if (typeof uid !== 'string' || typeof resourceVersion !== 'string') return undefined;
  return { uid, resourceVersion, ...(typeof generation === 'number' && { generation }) };
}
