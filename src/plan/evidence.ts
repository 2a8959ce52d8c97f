import { describeElement } from '../api/element.ts';
import type { Resource } from '../api/resource.ts';
import { formatPath, type Path } from '../api/source.ts';
import { canonicalJson, isObject, type JsonValue } from '../lib/json.ts';
import type { Evidence } from './change.ts';
import type { DesiredFile } from './desired-file.ts';

/** At most so many changed leaves of one resource are explained. */
const MAX_LEAVES = 50;

/** A leaf that differs between two documents; a value is absent where the leaf is not there. */
interface LeafChange {
  readonly path: Path;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/**
 * Where each changed leaf of a resource came from: the field with its old and new value, the element, what
 * was asked, and the scalars that the leaf read. For a new resource only leaves that read something.
 */
export function collectEvidence(file: DesiredFile, before: Resource | undefined): Evidence[] {
  const { rendered } = file;
  const source = {
    element: describeElement(rendered.from),
    ...(rendered.from.query !== undefined && { query: rendered.from.query }),
  };
  const evidence: Evidence[] = [];
  for (const leaf of changedLeaves(before, rendered.resource)) {
    if (evidence.length === MAX_LEAVES) break;
    const reads = leaf.after === undefined ? [] : rendered.reads(leaf.path);
    if (before === undefined && reads.length === 0) continue;
    for (const field of describeLeaf(leaf)) evidence.push({ ...field, ...source, reads });
  }
  return evidence.slice(0, MAX_LEAVES);
}

/** The scalars (and empty lists and maps) that differ between two documents, in the order of the second. */
function* changedLeaves(
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

type FieldChange = Pick<Evidence, 'field' | 'before' | 'after'>;

/** A text of many lines that changes in as many lines as before is told line by line. */
function describeLeaf({ path, before, after }: LeafChange): FieldChange[] {
  const field = formatPath(path);
  if (typeof before === 'string' && typeof after === 'string' && after.includes('\n')) {
    const [old, now] = [before.split('\n'), after.split('\n')];
    if (old.length === now.length) return changedLines(field, old, now);
  }
  return [
    {
      field,
      ...(before !== undefined && { before: showScalar(before) }),
      ...(after !== undefined && { after: showScalar(after) }),
    },
  ];
}

function changedLines(field: string, before: string[], after: string[]): FieldChange[] {
  const changed = after.map((line, index) => ({ line, old: before[index] ?? '', number: index + 1 }));
  return changed
    .filter(({ line, old }) => line !== old)
    .map(({ line, old, number }) => ({
      field: `${field} line ${number}`,
      before: old.trim(),
      after: line.trim(),
    }));
}

function showScalar(value: JsonValue): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
