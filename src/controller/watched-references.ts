import { formatLabelSelector } from '../api/label-selector.ts';
import type { CollectionRef, ObjectReader, ObjectRef } from '../api/readers.ts';
import type { Resource } from '../api/resource.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { isOlder } from '../clients/cluster/compare-versions.ts';
import type { ApiKind, Discovery } from '../clients/cluster/discovery.ts';
import type { SharedWatches, WatchedObject, WatchHandle } from '../clients/cluster/shared-watches.ts';
import { sha256 } from '../lib/digest.ts';
import type { JsonObject } from '../lib/json.ts';
import { createLimiter } from '../lib/limiter.ts';
import { type KeptReference, keepReferences } from './kept-reference.ts';

/** Milliseconds that a pass waits for a watch to begin; where others cannot be listed, one can be read all the same. */
const SYNC_TIMEOUT = 10_000;

/** References of one set beyond which those of earlier passes are let go. */
const MAX_WATCHED = 200;

/** Reads of one set at a time when it is taken over from an earlier process. */
const AT_ONCE = 8;

/** What an object is read for: to give elements, to find the target, or as a dependency. */
export type Use = KeptReference['use'] | 'depend';

/** What was seen of an object; undefined: it is not there. */
type Seen = Pick<WatchedObject, 'uid' | 'resourceVersion' | 'generation'> | undefined;

/** One object, or a list as a whole: every object that it has or comes to have. */
interface Watched {
  readonly handle: WatchHandle;
  readonly scope: string;
  readonly use: Use;
  readonly ref: ObjectRef | CollectionRef;
  /** Whether the identity may not watch it, or the watch does not begin. */
  isForbidden: boolean;
  /** What was read, by the name that the watch has for an object. */
  seen: Map<string, Seen>;
  /** Of what the last reading gave, whatever was heard since; absent: none has ended well. */
  digest?: string;
  /** For each reading of a list that is under way, what is heard meanwhile: the list may have it or not. */
  readonly readings: Set<Map<string, Seen>>;
  /** The pass that read it last. */
  pass: number;
}

/** What is to be watched. */
interface Wish {
  readonly key: string;
  readonly ref: ObjectRef | CollectionRef;
  readonly kind: ApiKind;
  readonly namespace: string;
  /** The only object of interest; absent: all of them. */
  readonly name?: string;
  readonly labelSelector?: string;
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
        await this.#watchObject(ref, object, options, signal);
        return object;
      },
      list: (ref, signal) => this.#watchList(ref, options, signal),
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

  /** What was read, for the next process; undefined: more than can be kept, or not known. */
  kept(): readonly KeptReference[] | undefined {
    const references: KeptReference[] = [];
    const sorted = [...this.#watched].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, { use, ref, digest }] of sorted) {
      if (use === 'depend') continue;
      if (digest === undefined) return undefined;
      references.push({ use, ref, digest });
    }
    return keepReferences(references);
  }

  /**
   * Reads again what the passes of an earlier process have read, and watches it from now on: what is another now is a
   * change, and so is what cannot be read, since a pass says why.
   */
  async restore(
    references: readonly KeptReference[],
    readerFor: (use: Use) => ObjectReader,
    signal: AbortSignal,
  ): Promise<void> {
    const limit = createLimiter(AT_ONCE);
    const isAsBefore = async ({ use, ref, digest }: KeptReference): Promise<boolean> => {
      try {
        return digest === digestOf(use, await readAll(ref, readerFor(use), signal));
      } catch {
        signal.throwIfAborted();
        return false;
      }
    };
    await Promise.all(
      references.map(async (reference) => {
        if (!(await limit(() => isAsBefore(reference), signal))) this.#onChange(reference.use);
      }),
    );
  }

  release(): void {
    this.#pass++;
    this.endPass();
  }

  async #watchObject(
    ref: ObjectRef,
    object: Resource | undefined,
    options: ReferenceOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const kind = await options.discovery.find(ref.apiVersion, ref.kind, signal);
    if (!kind) return;
    const namespace = kind.namespaced ? ref.namespace : '';
    const name = kind.namespaced ? `${namespace}/${ref.name}` : ref.name;
    const key = keyOf(ref, options, name);
    const seen = object && seenOf(object.metadata);
    const watched = this.#hold({ key, ref, kind, namespace, name }, options);
    watched.digest = digestOf(options.use, object ? [object] : []);
    watched.seen = new Map([[name, seen]]);
    watched.isForbidden = !(await isSynced(watched.handle, this.#syncTimeout, signal));
    // A change between the read and the hold on a watch that others had already.
    if (isBehind(options.use, seen, watched.handle.get(name))) this.#onChange(options.use);
  }

  /** Watched before it is read, since no watch could say later what it had not brought then. */
  async #watchList(
    ref: CollectionRef,
    options: ReferenceOptions,
    signal: AbortSignal,
  ): Promise<readonly Resource[]> {
    const kind = await options.discovery.find(ref.apiVersion, ref.kind, signal);
    if (!kind) return options.reader.list(ref, signal);
    const namespace = kind.namespaced ? ref.namespace : '';
    const labelSelector = formatLabelSelector(ref.labelSelector ?? {});
    const wish: Wish = {
      key: keyOf(ref, options, `${namespace}\n${labelSelector}`),
      ref,
      kind,
      namespace,
      ...(labelSelector !== '' && { labelSelector }),
    };
    const watched = this.#hold(wish, options);
    const heard = new Map<string, Seen>();
    watched.readings.add(heard);
    try {
      watched.isForbidden = !(await isSynced(watched.handle, this.#syncTimeout, signal));
      const objects = await options.reader.list(ref, signal);
      watched.digest = digestOf(options.use, objects);
      watched.seen = new Map(objects.map(({ metadata }) => [nameOf(metadata), seenOf(metadata)]));
      return objects;
    } finally {
      watched.readings.delete(heard);
      for (const [name, after] of heard) {
        if (isNewer(watched.seen.get(name), after)) this.#hear(watched, options.use, [name, after]);
      }
    }
  }

  /** The watch of what is wished, which the present pass reads. */
  #hold(wish: Wish, { use, client, watches }: ReferenceOptions): Watched {
    const { key, ref, kind, namespace, name, labelSelector } = wish;
    const known = this.#watched.get(key);
    if (known) {
      known.pass = this.#pass;
      return known;
    }
    const scope = { client, kind, namespace, ...(labelSelector !== undefined && { labelSelector }) };
    const watched: Watched = {
      handle: watches.acquire(scope, (changed, _, after) => {
        if (name === undefined || changed === name) this.#hear(watched, use, [changed, after]);
      }),
      scope: `${kind.plural} in ${namespace || 'the cluster'}`,
      ...{ use, ref },
      isForbidden: false,
      seen: new Map(),
      readings: new Set(),
      pass: this.#pass,
    };
    this.#watched.set(key, watched);
    return watched;
  }

  #hear(watched: Watched, use: Use, [name, after]: readonly [string, Seen]): void {
    for (const heard of watched.readings) heard.set(name, after);
    if (watched.readings.size > 0 || isSame(use, watched.seen.get(name), after)) return;
    watched.seen.set(name, after);
    this.#onChange(use);
  }
}

function keyOf(
  { apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>,
  { use, client }: ReferenceOptions,
  what: string,
): string {
  return `${use}\n${client.user}\n${apiVersion}\n${kind}\n${what}`;
}

/** As watches name objects. */
function nameOf({ namespace, name }: Resource['metadata']): string {
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name;
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

/** Whether what was heard while a list was read may have come after it. */
function isNewer(read: Seen, heard: Seen): boolean {
  return read === undefined || heard === undefined || !isOlder(heard.resourceVersion, read.resourceVersion);
}

/** Whether a change is none for this use. */
function isSame(use: Use, before: Seen, after: Seen): boolean {
  return versionFor(use, before) === versionFor(use, after);
}

/**
 * What is another after a change that matters for this use. Of a source only the spec tells where to commit; its status
 * changes with every commit, our own among them.
 */
function versionFor(use: Use, seen: Seen): string | undefined {
  if (use !== 'target' || seen?.generation === undefined) return seen?.resourceVersion;
  return `${seen.uid}/${seen.generation}`;
}

/** Of the objects that a reading gave, as far as they matter for this use. */
function digestOf(use: Use, objects: readonly Resource[]): string {
  const lines = objects.map(({ metadata }) => `${nameOf(metadata)} ${versionFor(use, seenOf(metadata))}`);
  return sha256(lines.sort().join('\n')).slice(-16);
}

async function readAll(
  ref: ObjectRef | CollectionRef,
  reader: ObjectReader,
  signal: AbortSignal,
): Promise<readonly Resource[]> {
  if (!('name' in ref)) return reader.list(ref, signal);
  const object = await reader.get(ref, signal);
  return object ? [object] : [];
}

function seenOf(metadata: JsonObject): Seen {
  const { uid, resourceVersion, generation } = metadata;
  if (typeof uid !== 'string' || typeof resourceVersion !== 'string') return undefined;
  return { uid, resourceVersion, ...(typeof generation === 'number' && { generation }) };
}
