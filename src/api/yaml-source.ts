import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { YamlDocument } from '../lib/yaml.ts';
import { scalarOffset } from './scalar-offset.ts';
import type { Path, Position, Source } from './source.ts';

/** The Source of an object in a YAML (or JSON) document. `root` is where in the document the object stands. */
export function createYamlSource(
  file: string,
  text: string,
  { yaml, root = [] }: { yaml: YamlDocument; root?: Path },
): Source {
  const { document, lines } = yaml;

  function positionAt(offset: number): Position {
    const line = Math.max(lines.linePos(offset).line, 1);
    const before = text.slice(lines.lineStarts[line - 1] ?? 0, offset);
    return { file, line, column: [...before].length + 1 };
  }

  return {
    file,
    locate(path, within) {
      const { node, offset, complete } = find(document, [...root, ...path]);
      if (within && complete && isScalar(node)) return positionAt(scalarOffset(text, node, within));
      return positionAt(offset);
    },
    locateKey(path, within) {
      const key = path.at(-1);
      const { node, complete } = find(document, [...root, ...path.slice(0, -1)]);
      const pair = complete && typeof key === 'string' ? findPair(node, key) : undefined;
      if (!pair) return this.locate(path);
      if (within && isScalar(pair.key)) return positionAt(scalarOffset(text, pair.key, within));
      return positionAt(offsetOf(pair.key) ?? 0);
    },
    line(number) {
      const { lineStarts } = lines;
      const start = lineStarts[number - 1];
      return start === undefined ? undefined : text.slice(start, lineStarts[number]).replace(/\r?\n$/, '');
    },
  };
}

interface Found {
  readonly node: Node | null;
  /** Of the node; of its key where there is nothing behind the key. */
  readonly offset: number;
  /** Whether the whole path exists. */
  readonly complete: boolean;
}

/** Follows the path as far as it exists. */
function find(document: Document.Parsed, path: Path): Found {
  let found: Found = { node: document.contents, offset: offsetOf(document.contents) ?? 0, complete: true };
  for (const part of path) {
    const next = step(found.node, part, document);
    if (!next) return { ...found, complete: false };
    found = next;
  }
  return found;
}

/** One part of a path further; undefined where there is nothing. An alias is followed to its anchor. */
function step(from: Node | null, part: string | number, document: Document.Parsed): Found | undefined {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (typeof part === 'number') {
    const item = isSeq(node) ? (node.items[part] as Node | undefined) : undefined;
    return item && { node: item, offset: offsetOf(item) ?? 0, complete: true };
  }
  const pair = findPair(node ?? null, part);
  if (!pair) return undefined;
  return { node: pair.value, offset: offsetOf(pair.value) ?? offsetOf(pair.key) ?? 0, complete: true };
}

/** Keys are compared as their text, the way they read in JSON. */
function findPair(node: Node | null, key: string): { key: Node; value: Node | null } | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key,
  );
  return pair as { key: Node; value: Node | null } | undefined;
}

/** Undefined for a node without text of its own, such as the nothing behind `key:`. */
function offsetOf(node: Node | null): number | undefined {
  if (!node?.range) return undefined;
  const [start, end] = node.range;
  return start === end ? undefined : start;
}
