import type { ObjectReader, ObjectRef } from '../api/readers.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { isOlder } from '../clients/cluster/compare-versions.ts';
import type { Discovery } from '../clients/cluster/discovery.ts';
import type { SharedWatches, WatchedObject, WatchHandle } from '../clients/cluster/shared-watches.ts';
import { isObject } from '../lib/json.ts';

interface Watched {
  readonly handle: WatchHandle;
  readonly scope: string;
  resourceVersion: string | undefined;
  /** The pass that read it last. */
  pass: number;
}

/** What references are read and watched with. */
interface ReferenceOptions {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly watches: SharedWatches;
  readonly reader: ObjectReader;
}

/** The objects that the passes of one set read, such as Secrets: a change of one makes the set due. */
export class WatchedReferences {
  readonly #watched = new Map<string, Watched>();
  readonly #forbidden = new Set<string>();
  readonly #onChange: () => void;
  #pass = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** A reader for one pass, which notes and watches what it reads. */
  reader(options: ReferenceOptions): ObjectReader {
    this.#pass++;
    this.#forbidden.clear();
    return {
      get: async (ref, signal) => {
        const object = await options.reader.get(ref, signal);
        const metadata = object?.metadata;
        const version = isObject(metadata) ? metadata['resourceVersion'] : undefined;
        await this.#watch(ref, typeof version === 'string' ? version : undefined, options, signal);
        return object;
      },
    };
  }

  /** Lets go of what the pass that ends now has not read. */
  endPass(): void {
    for (const [key, watched] of this.#watched) {
      if (watched.pass === this.#pass) continue;
      watched.handle.release();
      this.#watched.delete(key);
    }
  }

  /** What the identity may not watch, for the condition; empty: nothing. */
  unwatched(): readonly string[] {
    return [...this.#forbidden];
  }

  release(): void {
    this.#pass++;
    this.endPass();
  }

  async #watch(
    ref: ObjectRef,
    resourceVersion: string | undefined,
    { client, discovery, watches }: ReferenceOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const kind = await discovery.find(ref.apiVersion, ref.kind, signal);
    if (!kind) return;
    const namespace = kind.namespaced ? ref.namespace : '';
    const name = kind.namespaced ? `${namespace}/${ref.name}` : ref.name;
    const key = `${client.user}\n${ref.apiVersion}\n${ref.kind}\n${name}`;
    const known = this.#watched.get(key);
    if (known) {
      known.resourceVersion = resourceVersion;
      known.pass = this.#pass;
    } else {
      const watched: Watched = {
        handle: watches.acquire({ client, kind, namespace }, (changed, _, after) => {
          if (changed !== name || after?.resourceVersion === watched.resourceVersion) return;
          watched.resourceVersion = after?.resourceVersion;
          this.#onChange();
        }),
        scope: `${kind.plural} in ${namespace || 'the cluster'}`,
        resourceVersion,
        pass: this.#pass,
      };
      this.#watched.set(key, watched);
    }
    const watched = this.#watched.get(key) as Watched;
    if (!(await watched.handle.synced(signal))) this.#forbidden.add(watched.scope);
    // A change between the read and the hold on a watch that others had already.
    else if (isBehind(watched.resourceVersion, watched.handle.get(name))) this.#onChange();
  }
}

/** Whether what was read is older than what the watch shows. */
function isBehind(read: string | undefined, seen: WatchedObject | undefined): boolean {
  if (seen === undefined) return false;
  return read === undefined || isOlder(read, seen.resourceVersion);
}
