import { formatLabelSelector, type LabelSelector } from '../api/label-selector.ts';
import type { CollectionRef, ObjectRef } from '../api/readers.ts';
import { isObject, type JsonValue } from '../lib/json.ts';

/** Something that the passes of a set have read, and what it was then: the next process sees whether it has changed. */
export interface KeptReference {
  /** A dependency concerns only a set that waits, which makes a pass anyway. */
  readonly use: 'generate' | 'target';
  /** One object, or a list as a whole. */
  readonly ref: ObjectRef | CollectionRef;
  /** Of the versions that were read. */
  readonly digest: string;
}

/** Characters of what is kept of one set: about 60 references. */
const MAX_TEXT = 8 * 1024;

/** The references as they are kept; undefined: there are too many. */
export function keepReferences(references: readonly KeptReference[]): readonly KeptReference[] | undefined {
  return JSON.stringify(references.map(packReference)).length > MAX_TEXT ? undefined : references;
}

/** A reference as JSON: `[use, apiVersion, kind, namespace, name or selector or null, digest]`. */
export function packReference({ use, ref, digest }: KeptReference): JsonValue {
  const what = 'name' in ref ? ref.name : ((ref.labelSelector ?? null) as JsonValue);
  return [use, ref.apiVersion, ref.kind, ref.namespace, what, digest];
}

/** Reads what `packReference` wrote; undefined for anything else. */
export function readReference(packed: JsonValue): KeptReference | undefined {
  if (!Array.isArray(packed)) return undefined;
  const [use, apiVersion, kind, namespace, what, digest] = packed;
  if (use !== 'generate' && use !== 'target') return undefined;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  if (typeof namespace !== 'string' || typeof digest !== 'string') return undefined;
  const place = { apiVersion, kind, namespace };
  if (typeof what === 'string') return { use, ref: { ...place, name: what }, digest };
  if (what === null) return { use, ref: place, digest };
  return isSelector(what) ? { use, ref: { ...place, labelSelector: what }, digest } : undefined;
}

function isSelector(value: JsonValue | undefined): value is JsonValue & LabelSelector {
  if (!isObject(value)) return false;
  try {
    formatLabelSelector(value as LabelSelector);
    return true;
  } catch {
    return false;
  }
}
