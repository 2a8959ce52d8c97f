import { createRequire } from 'node:module';
import type { SyntaxNode, Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

/** Reading the grammar takes longer than most commands take, so that it is read with the first query. */
const PARSER = './promql-parser.cjs';

/** The tree of a PromQL text by the grammar of the Prometheus project; what is no PromQL is an error node in it. */
export function parsePromql(text: string): Tree {
  const require = createRequire(import.meta.url);
  const { parser } = require(PARSER) as { parser: LRParser };
  return parser.parse(text);
}

/** A node of a tree: its name in the grammar and the characters that it covers. */
export interface PromqlNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Whether the grammar has nothing that fits here. */
  readonly isError: boolean;
}

/** All nodes of a tree in the order of the text. */
export function* walkTree(tree: Tree): Iterable<PromqlNode> {
  const cursor = tree.cursor();
  do yield { name: cursor.name, from: cursor.from, to: cursor.to, isError: cursor.type.isError };
  while (cursor.next());
}

/** The children of a node, errors and comments left out. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!child.type.isError && child.name !== 'LineComment') children.push(child);
  }
  return children;
}
