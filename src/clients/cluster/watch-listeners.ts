import type { WatchedObject, WatchListener, WatchOwner } from './shared-watches.ts';

/** One listener's place. */
interface Listening {
  readonly listener: WatchListener;
  /** Those with the same wish. */
  readonly group: string;
}

/** Those who want to hear of all objects. */
const ALL = '';

/**
 * The listeners of one watch. Those who ask for one owner's objects hear of no others: with a call of everybody for
 * every change, a thousand sets in one namespace would cost a million calls a pass.
 */
export class WatchListeners {
  readonly #places = new Map<symbol, Listening>();
  readonly #groups = new Map<string, Map<symbol, WatchListener>>();

  get size(): number {
    return this.#places.size;
  }

  /** Adds a listener, for one owner's objects or for all; gives what stands for it. */
  add(listener: WatchListener, owner: WatchOwner | undefined): symbol {
    const holder = Symbol('holder');
    const group = owner ? groupOf(owner.namespace, owner.name) : ALL;
    this.#places.set(holder, { listener, group });
    const members = this.#groups.get(group) ?? new Map<symbol, WatchListener>();
    this.#groups.set(group, members.set(holder, listener));
    return holder;
  }

  /** Whether it was there. */
  delete(holder: symbol): boolean {
    const group = this.#places.get(holder)?.group;
    if (group === undefined) return false;
    const members = this.#groups.get(group);
    members?.delete(holder);
    if (members?.size === 0) this.#groups.delete(group);
    return this.#places.delete(holder);
  }

  /** Who must hear of a change, also where the object has changed hands; all but whoever made it. */
  concernedBy(
    before: WatchedObject | undefined,
    after: WatchedObject | undefined,
    writer?: symbol,
  ): WatchListener[] {
    const groups = new Set([ALL, ownerGroup(before), ownerGroup(after)]);
    return [...groups].flatMap((group) =>
      [...(this.#groups.get(group) ?? [])].flatMap(([holder, listener]) =>
        holder === writer ? [] : [listener],
      ),
    );
  }
}

function ownerGroup(object: WatchedObject | undefined): string {
  const { ownerNamespace, ownerName } = object ?? {};
  return ownerNamespace === undefined || ownerName === undefined ? ALL : groupOf(ownerNamespace, ownerName);
}

/** Never equal to `ALL`. */
function groupOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
