import type { SyntaxNode } from '@lezer/common';
import { checkPromqlString } from './promql-string.ts';
import { childrenOf, type PromqlNode, parsePromql, walkTree } from './promql-tree.ts';

/** Where a text is no PromQL, and why. */
interface PromqlMistake {
  /** Characters (UTF-16 units) before the mistake. */
  readonly offset: number;
  readonly message: string;
}

/** What an expression gives. https://prometheus.io/docs/prometheus/latest/querying/basics/#expression-language-data-types */
export type PromqlType = 'vector' | 'scalar' | 'matrix' | 'string';

const MAX_DEPTH = 100;

/** The functions that give one number without labels. */
const SCALAR_FUNCTIONS = /^(?:time|pi|scalar|start|end|step|range)$/;

/** The first mistake of a PromQL text; undefined when the grammar of Prometheus has it. */
export function checkPromql(text: string): PromqlMistake | undefined {
  if (text.trim() === '') return { offset: 0, message: 'is empty; write a PromQL expression' };
  const deep = findDepth(text);
  if (deep !== undefined) return { offset: deep, message: `nests deeper than ${MAX_DEPTH} levels` };
  let first: PromqlMistake | undefined;
  for (const node of walkTree(parsePromql(text))) {
    const mistake = node.isError ? unexpected(text, node.from) : checkNode(text, node);
    if (mistake && (!first || mistake.offset < first.offset)) first = mistake;
  }
  return first;
}

/** Where more brackets are open than anybody reads; parsing them takes time that grows with their square. */
function findDepth(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text.charAt(at))) depth++;
    else if (')]}'.includes(text.charAt(at))) depth--;
    if (depth > MAX_DEPTH) return at;
  }
  return undefined;
}

/**
 * The different selectors of series in a valid PromQL text, as they stand there, without range, offset and @; those
 * within ranges and subqueries too.
 */
export function findSelectors(text: string): string[] {
  const selectors = new Set<string>();
  for (const { name, from, to } of walkTree(parsePromql(text))) {
    if (name === 'VectorSelector') selectors.add(text.slice(from, to));
  }
  return [...selectors];
}

/** The type of a valid PromQL text. */
export function promqlType(text: string): PromqlType {
  const [expression] = childrenOf(parsePromql(text).topNode);
  return expression ? typeOf(expression, text) : 'vector';
}

function typeOf(node: SyntaxNode, text: string): PromqlType {
  switch (node.name) {
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return 'matrix';
    case 'StringLiteral':
      return 'string';
    case 'NumberDurationLiteral':
      return 'scalar';
    case 'FunctionCall':
      return SCALAR_FUNCTIONS.test(textOf(childrenOf(node)[0], text)) ? 'scalar' : 'vector';
    case 'ParenExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
    case 'AnchoredExpr':
    case 'SmoothedExpr':
      return typeOf(childrenOf(node)[0] as SyntaxNode, text);
    case 'UnaryExpr':
      return typeOf(childrenOf(node).at(-1) as SyntaxNode, text);
    case 'BinaryExpr':
      return isScalarOperation(node, text) ? 'scalar' : 'vector';
    default:
      return 'vector';
  }
}

/** Between two numbers there is no vector. */
function isScalarOperation(node: SyntaxNode, text: string): boolean {
  const children = childrenOf(node);
  return [children[0], children.at(-1)].every((side) => side && typeOf(side, text) === 'scalar');
}

function textOf(node: SyntaxNode | undefined, text: string): string {
  return node ? text.slice(node.from, node.to) : '';
}

function checkNode(text: string, { name, from, to }: PromqlNode): PromqlMistake | undefined {
  if (name !== 'StringLiteral') return undefined;
  const mistake = checkPromqlString(text.slice(from, to));
  return mistake && { offset: from + mistake.offset, message: mistake.message };
}

/** What stands where the grammar has something else; white space and comments are passed over. */
function unexpected(text: string, from: number): PromqlMistake {
  const blank = /(?:\s|#[^\n]*)*/y;
  blank.lastIndex = from;
  const offset = from + (blank.exec(text)?.[0].length ?? 0);
  const token = /[\w:.]+|[\s\S]/uy;
  token.lastIndex = offset;
  const found = token.exec(text)?.[0];
  if (found === undefined) return { offset, message: 'is no PromQL: it ends too early' };
  const called = found === '(' ? /[A-Za-z_:][\w:]*(?=\s*$)/.exec(text.slice(0, offset)) : null;
  if (called) {
    return { offset: called.index, message: `is no PromQL: there is no function ${quote(called[0])}` };
  }
  return { offset, message: `is no PromQL: unexpected ${quote(found)}` };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
