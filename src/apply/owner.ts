import type { WatchedObject } from '../clients/cluster/shared-watches.ts';

/** The set that objects belong to. */
export interface SetName {
  readonly namespace: string;
  readonly name: string;
}

/** Whether an object carries the labels of this set. Only such objects are ever deleted. */
export function isOwnedBy(object: WatchedObject, set: SetName): boolean {
  return object.ownerName === set.name && object.ownerNamespace === set.namespace;
}

/** Who else claims an object, as messages name it; undefined when it is this set's, or nobody's. */
export function otherOwner(object: WatchedObject, set: SetName): string | undefined {
  const { ownerName, ownerNamespace } = object;
  if (ownerName === undefined && ownerNamespace === undefined) return undefined;
  if (isOwnedBy(object, set)) return undefined;
  return `GeneratorSet/${ownerNamespace ?? '?'}/${ownerName ?? '?'}`;
}
