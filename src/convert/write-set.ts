import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Path } from '../api/source.ts';
import { canonicalJson, type JsonObject } from '../lib/json.ts';
import { parseYaml, stringifyYaml, type YamlDocument } from '../lib/yaml.ts';
import type { Field } from './field.ts';
import type { Origins } from './origins.ts';

/** Where comments are taken from. */
export interface CommentSource {
  readonly origins: Origins;
  /** The document that a field was read from, and where in it the object stands. */
  documentOf(field: Field): { readonly yaml: YamlDocument; readonly root: Path } | undefined;
}

/** The set as YAML, with the comments that stand beside its fields in the input. */
export function writeSet(set: JsonObject, comments: CommentSource): string {
  const plain = stringifyYaml(set);
  const document = parseDocument(plain, { version: '1.1', schema: 'failsafe', uniqueKeys: false });
  if (!copyComments(document, set, comments)) return plain;
  const text = document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
  return isSame(text, set) ? text : plain;
}

/** The library writes texts its own way: only what reads back as the same set is used. */
function isSame(text: string, set: JsonObject): boolean {
  try {
    return canonicalJson(parseYaml(text)) === canonicalJson(set);
  } catch {
    return false;
  }
}

/** What stands above all of the object, each line after a `#`. */
export function headComment({ document }: YamlDocument): string {
  const { contents, commentBefore } = document;
  const first = isMap(contents) ? contents.items[0]?.key : undefined;
  const found = [commentBefore, contents?.commentBefore, isNode(first) ? first.commentBefore : undefined];
  const lines = found.filter((text) => typeof text === 'string' && text !== '').map(String);
  return lines
    .flatMap((text) => keepInComment(text).split('\n'))
    .map((line) => `#${line}\n`)
    .join('');
}

/** Line breaks of YAML 1.1, which this reader takes for text: others would read what follows them as fields. */
function keepInComment(comment: string): string {
  return comment.replace(/[\r\u0085\u2028\u2029]/g, ' ');
}

/** Whether there was any comment. */
function copyComments(document: Document, set: JsonObject, comments: CommentSource): boolean {
  let isAny = false;
  const known: KnownPairs = new WeakMap();
  for (const { path, nodes } of placesOf(document.contents as Node | null, [])) {
    const field = comments.origins.find(set, path);
    const origin = field && comments.documentOf(field);
    if (!field || !origin) continue;
    const from = nodesAt(origin.yaml.document, [...origin.root, ...field.path], known);
    nodes.forEach((node, index) => {
      if (copyComment(from[index], node)) isAny = true;
    });
  }
  return isAny;
}

/** Every field of a document with its key, where it has one, and its value. */
function* placesOf(
  node: Node | null,
  path: Path,
): Generator<{ path: Path; nodes: readonly (Node | undefined)[] }> {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      if (!isNode(item)) continue;
      yield { path: [...path, index], nodes: [undefined, item] };
      yield* placesOf(item, [...path, index]);
    }
  }
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const inner = [...path, String(key.value)];
    yield { path: inner, nodes: [key, isNode(value) ? value : undefined] };
    if (isNode(value)) yield* placesOf(value, inner);
  }
}

/** The key and the value at a path of the input; neither behind an alias. */
function nodesAt(document: Document.Parsed, path: Path, known: KnownPairs): (Node | undefined)[] {
  let node: unknown = document.contents;
  let key: Node | undefined;
  for (const part of path) {
    if (typeof part === 'number') {
      key = undefined;
      node = isSeq(node) ? node.items[part] : undefined;
      continue;
    }
    const pair = isMap(node) ? pairsOf(node, known).get(part) : undefined;
    key = isNode(pair?.key) ? pair.key : undefined;
    node = pair?.value;
  }
  return [key, isNode(node) ? node : undefined];
}

/** The pairs of maps by their keys: many fields are looked for in the same one. */
type KnownPairs = WeakMap<YAMLMap, ReadonlyMap<string, Pair>>;

function pairsOf(map: YAMLMap, known: KnownPairs): ReadonlyMap<string, Pair> {
  const pairs =
    known.get(map) ??
    new Map(map.items.flatMap((item) => (isScalar(item.key) ? [[String(item.key.value), item]] : [])));
  known.set(map, pairs);
  return pairs;
}

function copyComment(from: Node | undefined, to: Node | undefined): boolean {
  if (!from || !to) return false;
  if (from.commentBefore) to.commentBefore = keepInComment(from.commentBefore);
  if (from.comment) to.comment = keepInComment(from.comment);
  if (from.spaceBefore) to.spaceBefore = true;
  return Boolean(from.commentBefore ?? from.comment);
}
