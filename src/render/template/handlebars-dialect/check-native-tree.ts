import type { NativeProgram, Span } from './native-tree.ts';
import { failAt, quoteSpan, type TemplateSource } from './template-source.ts';

/** A node before its type is known to be one that templates may use. */
interface RawNode {
  readonly type: string;
  readonly loc: Span;
  readonly [field: string]: unknown;
}

const NO_PARTIALS = 'partials are refused: a template calls no other template';
const NO_DECORATORS = 'decorators are refused';

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['PartialStatement', NO_PARTIALS],
  ['PartialBlockStatement', NO_PARTIALS],
  ['Decorator', NO_DECORATORS],
  ['DecoratorBlock', NO_DECORATORS],
]);

const EXPRESSIONS: ReadonlySet<string> = new Set([
  'PathExpression',
  'SubExpression',
  'StringLiteral',
  'NumberLiteral',
  'BooleanLiteral',
  'NullLiteral',
  'UndefinedLiteral',
]);

/**
 * Holds the tree of Handlebars' parser against the closed list of what templates may use. Throws a
 * TemplateError for the first node that is not on it.
 */
export function checkNativeTree(tree: unknown, source: TemplateSource): NativeProgram {
  checkProgram(tree as RawNode, source);
  return tree as NativeProgram;
}

function checkProgram(program: RawNode, source: TemplateSource): void {
  for (const node of program['body'] as readonly RawNode[]) checkStatement(node, source);
}

function checkStatement(node: RawNode, source: TemplateSource): void {
  switch (node.type) {
    case 'ContentStatement':
    case 'CommentStatement':
      return;
    case 'MustacheStatement':
      if (node['escaped'] === false) failUnescaped(node, source);
      checkCall(node, source);
      return;
    case 'BlockStatement':
      checkBlock(node, source);
      return;
    default:
      failAt(source, node.loc.pos, REFUSED.get(node.type) ?? `${node.type} is refused`);
  }
}

function checkBlock(node: RawNode, source: TemplateSource): void {
  // The tree of a raw block is that of any block; only its text tells.
  if (source.text.startsWith('{{{{', node.loc.pos)) failAt(source, node.loc.pos, 'raw blocks are refused');
  checkCall(node, source);
  for (const program of [node['program'], node['inverse']]) {
    if (program !== undefined) checkProgram(program as RawNode, source);
  }
}

/** A mustache, block or sub-expression: what it begins with, and its arguments. */
function checkCall(node: RawNode, source: TemplateSource): void {
  const path = node['path'] as RawNode;
  const hash = node['hash'] as RawNode | undefined;
  if (hash !== undefined) {
    const reason =
      'name=value is refused: arguments are told apart by their place; a map is (dict "name" value)';
    failAt(source, hash.loc.pos, reason);
  }
  if (path.type !== 'PathExpression') {
    const written = quoteSpan(source, path.loc);
    failAt(source, path.loc.pos, `${written} can't stand here: a path or a function is needed`);
  }
  for (const param of node['params'] as readonly RawNode[]) checkExpression(param, source);
}

function checkExpression(node: RawNode, source: TemplateSource): void {
  if (!EXPRESSIONS.has(node.type)) failAt(source, node.loc.pos, `${node.type} is refused`);
  if (node.type === 'SubExpression') checkCall(node, source);
}

function failUnescaped(node: RawNode, source: TemplateSource): never {
  const written = quoteSpan(source, (node['path'] as RawNode).loc);
  return failAt(source, node.loc.pos, `write {{${written}}}: nothing is HTML-escaped here`);
}
