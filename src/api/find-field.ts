import { isMap, isPair, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { YamlDocument } from '../lib/yaml.ts';
import { scalarOffset } from './scalar-offset.ts';
import type { Path } from './source.ts';

/** A line and column, from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** The field that a character of a YAML text belongs to, and its place in the text that the scalar holds. */
export interface FieldPlace {
  readonly path: Path;
  readonly where: 'key' | 'value';
  readonly within: Place;
}

/** A scalar of a document, and the field that it is a part of. */
interface Found extends Pick<FieldPlace, 'path' | 'where'> {
  readonly node: Scalar;
}

/**
 * The reverse of `Source.locate`: finds the last scalar that begins at or before a place of the text. Undefined
 * when there is none.
 */
export function findField(yaml: YamlDocument, text: string, place: Place): FieldPlace | undefined {
  const offset = (yaml.lines.lineStarts[place.line - 1] ?? 0) + place.column - 1;
  let last: Found | undefined;
  for (const found of scalarsOf(yaml.document.contents, [])) {
    if ((found.node.range?.[0] ?? 0) > offset) break;
    last = found;
  }
  if (last === undefined) return undefined;
  return { path: last.path, where: last.where, within: placeWithin(last.node, text, offset) };
}

/** All scalars in the order of the text. */
function* scalarsOf(node: Node | null, path: Path): Generator<Found> {
  if (isScalar(node)) yield { node, path, where: 'value' };
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* scalarsOf(item as Node | null, [...path, index]);
  }
  if (!isMap(node)) return;
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const inner = [...path, String(pair.key.value)];
    yield { node: pair.key, path: inner, where: 'key' };
    yield* scalarsOf(pair.value as Node | null, inner);
  }
}

/** The last character of the scalar's text that the source has at or before the offset. */
function placeWithin(node: Scalar, text: string, offset: number): Place {
  const value = String(node.value ?? '');
  let [low, high] = [0, value.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (scalarOffset(text, node, placeOf(value, middle)) <= offset) low = middle;
    else high = middle - 1;
  }
  return placeOf(value, low);
}

function placeOf(value: string, index: number): Place {
  const lines = value.slice(0, index).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
