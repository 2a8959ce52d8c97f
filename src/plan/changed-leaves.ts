import type { Path } from '../api/source.ts';
import { canonicalJson, isObject, type JsonValue } from '../lib/json.ts';

/** A leaf that differs between two documents; a value is absent where the leaf is not there. */
export interface LeafChange {
  readonly path: Path;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/**
 * The scalars (and empty lists and maps) that differ between two documents, in the order of the second; all of them
 * where there is but one document.
 */
export function* changedLeaves(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: Path = [],
): Generator<LeafChange> {
  const names = childNames(before, after);
  if (names) {
    for (const name of names) yield* changedLeaves(child(before, name), child(after, name), [...path, name]);
    return;
  }
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return;
  yield { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** The names of the children when both (or the only one) of the values are lists, or maps, and not empty. */
function childNames(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): (string | number)[] | undefined {
  const values = [after, before].filter((value) => value !== undefined);
  const names = values.map((value) => {
    if (Array.isArray(value)) return [...value.keys()];
    return isObject(value) ? Object.keys(value) : [];
  });
  const sameKind = values.every(Array.isArray) || values.every(isObject);
  const all = [...new Set(names.flat())];
  return sameKind && all.length > 0 ? all : undefined;
}

function child(value: JsonValue | undefined, name: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return typeof name === 'number' ? value[name] : undefined;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
