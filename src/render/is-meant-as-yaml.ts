import { isCollection, isMap, isScalar, isSeq, type Node } from 'yaml';

/**
 * Whether a text is YAML that somebody reads as such. On several lines every list and map is; on a single line,
 * where prose and queries stand too, only a list or a map in brackets is. `{a}` and `[a]` are words in brackets.
 */
export function isMeantAsYaml(node: Node, isOneLine: boolean): boolean {
  if (!isOneLine) return isCollection(node);
  return isCollection(node) && (node.flow === true ? isFlowMeant(node) : holdsFlowMap(node));
}

/** Every key with its value, or more than one plain word. */
function isFlowMeant(node: Node): boolean {
  if (isMap(node)) return node.items.length > 0 && node.items.every(({ value }) => value !== null);
  if (!isSeq(node)) return false;
  const [only] = node.items;
  const isWord = node.items.length === 1 && isScalar(only) && only.type === 'PLAIN';
  return node.items.length > 0 && !isWord;
}

/** Such as `- {op: remove, path: /a}`. */
function holdsFlowMap(node: unknown): boolean {
  if (isMap(node)) {
    return node.flow ? isFlowMeant(node) : node.items.some(({ value }) => holdsFlowMap(value));
  }
  return isSeq(node) && node.items.some(holdsFlowMap);
}
