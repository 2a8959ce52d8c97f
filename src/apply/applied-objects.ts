import { apiGroup, NAME_LABEL } from '../api/resource.ts';
import type { ApiKind } from '../clients/cluster/discovery.ts';
import type { WatchedObject, WatchHandle } from '../clients/cluster/shared-watches.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { Fights } from './fights.ts';
import { watchKey } from './object-id.ts';
import type { SetName } from './owner.ts';
import { type RecentText, RecentTexts } from './recent-texts.ts';

/** Milliseconds that a pass waits for a watch to begin. */
const SYNC_TIMEOUT = 60_000;

/** Scopes that `unwatched` names. */
const MAX_NAMED = 10;

/** Objects of one kind in one namespace. */
export interface Scope {
  readonly kind: ApiKind;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
}

/** One object, as a write knows it. */
export interface Place extends Scope {
  readonly id: string;
  readonly name: string;
}

/** What is known of an object since it was applied, or since it was seen first. */
interface Memory {
  /** Of the text that was applied; undefined when another process did that. */
  readonly digest?: string;
  readonly object: WatchedObject;
}

interface Watch {
  readonly scope: Scope;
  readonly handle: WatchHandle;
  /** Whether the cache can be asked; false where the identity may not watch. */
  isWatched: boolean;
}

/**
 * The memory of one set between passes: what was applied of each object, and the watches that tell when somebody else
 * touches it. It does not outlive the process: after a restart every object is applied once more.
 */
export class AppliedObjects {
  /** Objects that were rewritten again and again. */
  readonly fights = new Fights();
  /** When something was delivered last, on the monotonic clock in milliseconds. */
  deliveredAt: number | undefined;
  readonly #onDrift: (ids: readonly string[]) => void;
  /** Whom the watches belong to. */
  #user: string | undefined;
  readonly #watches = new Map<string, Watch>();
  readonly #memories = new Map<string, Memory>();
  readonly #texts: RecentTexts;
  readonly #rendered = new Map<string, RecentText>();
  readonly #ready = new Set<string>();
  /** The versions seen of objects that are being written. */
  readonly #writing = new Map<string, (string | undefined)[]>();

  /** `onDrift` is told the inventory ids of objects that somebody else has changed or deleted; `texts` are shared. */
  constructor({
    onDrift,
    texts = new RecentTexts(),
  }: {
    onDrift(ids: readonly string[]): void;
    readonly texts?: RecentTexts;
  }) {
    this.#onDrift = onDrift;
    this.#texts = texts;
  }

  /** Watches these scopes, and no others any more; resolves when their caches are whole. */
  async watch(
    scopes: readonly Scope[],
    { client, watches, set }: ClusterAccess & { readonly set: SetName },
    signal: AbortSignal,
  ): Promise<void> {
    if (client.user !== this.#user) this.#endWatches();
    this.#user = client.user;
    const wanted = new Map(scopes.map((scope) => [scopeId(scope), scope]));
    for (const [id, scope] of wanted) {
      if (this.#watches.has(id)) continue;
      const watched = { client, ...scope, labelSelector: NAME_LABEL, owner: set };
      const handle = watches.acquire(watched, (key, _, after) => this.#onEvent(scope, key, after));
      this.#watches.set(id, { scope, handle, isWatched: false });
    }
    for (const [id, { handle }] of this.#watches) {
      if (wanted.has(id)) continue;
      handle.release();
      this.#watches.delete(id);
    }
    const limited = AbortSignal.any([signal, AbortSignal.timeout(SYNC_TIMEOUT)]);
    await Promise.all([...this.#watches.values()].map((watch) => sync(watch, limited, signal)));
  }

  /** The object in the cluster as the watch shows it; `unknown` where it may not be watched. */
  find({ kind, namespace, name }: Omit<Place, 'id'>): WatchedObject | undefined | 'unknown' {
    const watch = this.#watches.get(scopeId({ kind, namespace }));
    return watch?.isWatched ? watch.handle.get(watchKey({ namespace, name })) : 'unknown';
  }

  /** Whether an object is as this process applied it: the same text, and nobody has touched its fields since. */
  isAsApplied(id: string, digest: string, live: WatchedObject): boolean {
    const memory = this.#memories.get(id);
    return memory?.digest === digest && isSame(memory.object, live);
  }

  /** Whether this process has applied an object, or has seen it, before. */
  isKnown(id: string): boolean {
    return this.#memories.has(id);
  }

  /** Whether this process has applied this very text before. */
  hasApplied(id: string, digest: string): boolean {
    return this.#memories.get(id)?.digest === digest;
  }

  /** Writes an object, and remembers the answer as what it should look like from now on. */
  async write(place: Place, digest: string, action: () => Promise<WatchedObject>): Promise<WatchedObject> {
    const { id } = place;
    const key = watchKey(place);
    const handle = this.#watches.get(scopeId(place))?.handle;
    const seen = [handle?.get(key)?.resourceVersion];
    this.#writing.set(id, seen);
    let object: WatchedObject;
    try {
      object = await action();
    } finally {
      this.#writing.delete(id);
    }
    this.#memories.set(id, { digest, object });
    this.#ready.delete(id);
    // Versions come in order: what was seen after that of our write is somebody else's.
    const at = seen.indexOf(object.resourceVersion);
    if (at < 0 || at === seen.length - 1) handle?.note(key, object);
    else this.#onEvent(place, key, handle?.get(key));
    return object;
  }

  /** Remembers what was rendered for an object that was written just now, so that its next change can be told. */
  keepText(id: string, text: string): void {
    this.#dropText(id);
    this.#rendered.set(id, this.#texts.keep(text));
  }

  /** What was rendered for an object when this process applied it last, where there is still room for it. */
  lastText(id: string): string | undefined {
    return this.#rendered.get(id)?.text;
  }

  /** Remembers an object as it is seen now, where nothing is known of it yet. */
  remember(id: string, object: WatchedObject): void {
    if (!this.#memories.has(id)) this.#memories.set(id, { object });
  }

  /** Says that objects are not as they were left. */
  reportDrift(ids: readonly string[]): void {
    for (const id of ids) this.#ready.delete(id);
    this.#onDrift(ids);
  }

  /** Forgets an object: what becomes of it is no drift any more. */
  forget(id: string): void {
    this.#memories.delete(id);
    this.#dropText(id);
    this.#ready.delete(id);
    this.fights.forget(id);
  }

  /** Forgets all objects but these. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#memories.keys()) {
      if (!ids.has(id)) this.forget(id);
    }
  }

  isReady(id: string): boolean {
    return this.#ready.has(id);
  }

  noteReady(id: string): void {
    this.#ready.add(id);
  }

  /** The kinds and namespaces that may not be watched, so that drift there shows only at the next pass. */
  unwatched(): string | undefined {
    // Of a kind that is not there the pass itself tells.
    const scopes = [...this.#watches.values()]
      .filter(({ isWatched, handle }) => !isWatched && handle.isServed())
      .map(({ scope }) => scope);
    if (scopes.length === 0) return undefined;
    const named = scopes.slice(0, MAX_NAMED).map(describeScope).join(', ');
    return scopes.length > MAX_NAMED ? `${named} and ${scopes.length - MAX_NAMED} more` : named;
  }

  /** Ends the watches. */
  release(): void {
    this.#endWatches();
    this.#memories.clear();
    for (const id of [...this.#rendered.keys()]) this.#dropText(id);
    this.#ready.clear();
  }

  #dropText(id: string): void {
    const known = this.#rendered.get(id);
    if (known) this.#texts.drop(known);
    this.#rendered.delete(id);
  }

  #endWatches(): void {
    for (const { handle } of this.#watches.values()) handle.release();
    this.#watches.clear();
  }

  #onEvent({ kind, namespace: within }: Scope, key: string, after: WatchedObject | undefined): void {
    const slash = kind.namespaced ? key.indexOf('/') : -1;
    const namespace = kind.namespaced ? key.slice(0, slash) : within;
    const id = `${namespace}_${key.slice(slash + 1)}_${apiGroup(kind.apiVersion)}_${kind.kind}`;
    const memory = this.#memories.get(id);
    const versions = this.#writing.get(id);
    if (versions) versions.push(after?.resourceVersion);
    if (versions || !memory || (after && isSame(memory.object, after))) return;
    this.reportDrift([id]);
  }
}

async function sync(watch: Watch, limited: AbortSignal, signal: AbortSignal): Promise<void> {
  try {
    watch.isWatched = await watch.handle.synced(limited);
  } catch (error) {
    if (signal.aborted || !limited.aborted) throw error;
    throw new Error(
      `the watch of ${describeScope(watch.scope)} did not begin within ${SYNC_TIMEOUT / 1000} s`,
      {
        cause: error,
      },
    );
  }
}

function scopeId({ kind, namespace }: Scope): string {
  return `${kind.apiVersion}
${kind.kind}
${namespace}`;
}

function describeScope({ kind, namespace }: Scope): string {
  const group = apiGroup(kind.apiVersion);
  const name = group === '' ? kind.plural : `${kind.plural}.${group}`;
  return namespace === '' ? name : `${name} in ${namespace}`;
}

/** Whether nobody has touched our fields or labels between two sights of an object. */
function isSame(one: WatchedObject, other: WatchedObject): boolean {
  return (
    one.uid === other.uid &&
    one.owned === other.owned &&
    one.ownerName === other.ownerName &&
    one.ownerNamespace === other.ownerNamespace
  );
}
