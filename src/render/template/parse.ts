import type { KnownFunctions } from '../functions/refusals.ts';
import { quoteGo } from '../values/quote.ts';
import { failRefused } from './error-text.ts';
import { lex } from './lex.ts';
import { unquote } from './parse-literal.ts';
import { type PipelineParser, parsePipeline } from './parse-pipeline.ts';
import type { Token } from './token.ts';
import { TokenReader } from './token-reader.ts';
import type { BranchNode, PipeNode, Statement, TemplateTree, Variable } from './tree.ts';

/** How deeply control structures and parentheses may nest. */
const MAX_NESTING = 200;

/** What a parse must know. */
interface ParseOptions {
  readonly name: string;
  readonly delimiters: readonly [string, string];
  readonly functions: KnownFunctions;
}

/** Why a list of statements ended. */
type ListEnd = 'end' | 'else';

interface StatementList {
  readonly body: Statement[];
  readonly end: ListEnd;
}

/** The state of parsing one template; define and block get their own on the same tokens. */
interface Parser extends PipelineParser {
  readonly trees: Map<string, TemplateTree>;
  rangeDepth: number;
}

/**
 * Parses a template and those it defines, by Go's grammar. Gives every template by name. Throws a
 * TemplateError of phase parse with Go's text; one for all calls that are not permitted.
 */
export function parseTemplate(text: string, options: ParseOptions): Map<string, TemplateTree> {
  const [left, right] = options.delimiters;
  const tokens = new TokenReader(options.name, lex(text, left || '{{', right || '}}'), text);
  const trees = new Map<string, TemplateTree>();
  const parser = createParser({ tokens, trees, functions: options.functions, refused: [], nesting: 0 });
  const body = parseTop(parser);
  addTree(parser, { name: options.name, body, variables: parser.count });
  if (parser.refused.length > 0) failRefused(options.name, text, parser.refused);
  return trees;
}

type Shared = Pick<Parser, 'tokens' | 'trees' | 'functions' | 'refused' | 'nesting'>;

function createParser({ tokens, trees, functions, refused, nesting }: Shared): Parser {
  const root: Variable = { name: '$', id: 0 };
  const scope = { rangeDepth: 0, variables: [root], pending: [], count: 1 };
  return { tokens, trees, functions, refused, nesting, ...scope };
}

function parseTop(parser: Parser): Statement[] {
  const { tokens } = parser;
  const body: Statement[] = [];
  while (tokens.peek().type !== 'eof') {
    if (isDefine(tokens)) {
      parseDefinition(parser);
      continue;
    }
    const statement = parseStatement(parser);
    if (statement === 'end' || statement === 'else') return tokens.fail(`unexpected {{${statement}}}`);
    body.push(statement);
  }
  return body;
}

/** Whether a definition begins here; then its first two tokens are read. */
function isDefine(tokens: TokenReader): boolean {
  if (tokens.peek().type !== 'left') return false;
  const mark = tokens.mark();
  tokens.next();
  const word = tokens.nextPastSpace();
  if (word.type === 'keyword' && word.text === 'define') return true;
  tokens.rewind(mark);
  return false;
}

function parseDefinition(parser: Parser): void {
  const { tokens } = parser;
  const context = 'define clause';
  const name = parseName(parser, tokens.nextPastSpace(), context);
  tokens.expect('right', context);
  parseNamed(parser, name, context);
}

/** Parses the body of a define or block as a template of its own. */
function parseNamed(parser: Parser, name: string, context: string, line?: number): void {
  const { tokens } = parser;
  const { actionLine } = tokens;
  tokens.actionLine = 0;
  const inner = createParser({ ...parser, nesting: parser.nesting + 1 });
  checkNesting(inner);
  const { body, end } = parseList(inner);
  if (end !== 'end') tokens.fail(`unexpected {{else}} in ${context}`, undefined, line);
  tokens.actionLine = actionLine;
  addTree(inner, { name, body, variables: inner.count });
}

function addTree(parser: Parser, tree: TemplateTree): void {
  const known = parser.trees.get(tree.name);
  if (known === undefined || isEmpty(known.body)) parser.trees.set(tree.name, tree);
  else if (!isEmpty(tree.body)) {
    parser.tokens.fail(`template: multiple definition of template ${quoteGo(tree.name)}`);
  }
}

/** Whether a template has nothing but white space, so that another may take its name. */
function isEmpty(body: readonly Statement[]): boolean {
  return body.every((statement) => statement.type === 'text' && statement.text.trim() === '');
}

function parseList(parser: Parser): StatementList {
  const body: Statement[] = [];
  while (parser.tokens.peekPastSpace().type !== 'eof') {
    const statement = parseStatement(parser);
    if (statement === 'end' || statement === 'else') return { body, end: statement };
    body.push(statement);
  }
  parser.tokens.next();
  return parser.tokens.fail('unexpected EOF');
}

function parseStatement(parser: Parser): Statement | ListEnd {
  const { tokens } = parser;
  const token = tokens.nextPastSpace();
  if (token.type === 'text') return { type: 'text', pos: token.pos, text: token.text };
  if (token.type !== 'left') return tokens.unexpected(token, 'input');
  tokens.actionLine = token.line;
  const statement = parseAction(parser);
  tokens.actionLine = 0;
  return statement;
}

function parseAction(parser: Parser): Statement | ListEnd {
  const { tokens } = parser;
  const token = tokens.nextPastSpace();
  if (token.type === 'keyword') return parseKeyword(parser, token);
  tokens.back();
  return { type: 'action', pos: tokens.peek().pos, pipe: parsePipeline(parser, 'command', 'right') };
}

function parseKeyword(parser: Parser, token: Token): Statement | ListEnd {
  const { tokens } = parser;
  switch (token.text) {
    case 'if':
    case 'with':
    case 'range':
      return parseBranch(parser, token.text);
    case 'end':
      tokens.expect('right', 'end');
      return 'end';
    case 'else':
      return parseElse(parser);
    case 'template':
      return parseCall(parser);
    case 'block':
      return parseBlock(parser);
    case 'break':
    case 'continue':
      return parseJump(parser, token.text, token);
    default:
      return tokens.unexpected(token, 'command');
  }
}

/** `else`, which may be followed by `if` or `with`: then these words are left to read. */
function parseElse(parser: Parser): ListEnd {
  const { tokens } = parser;
  const word = tokens.peekPastSpace();
  const chains = word.type === 'keyword' && (word.text === 'if' || word.text === 'with');
  if (!chains) tokens.expect('right', 'else');
  return 'else';
}

function parseBranch(parser: Parser, type: BranchNode['type']): BranchNode {
  parser.nesting++;
  checkNesting(parser);
  const scope = parser.variables.length;
  const pipe = parsePipeline(parser, type, 'right');
  const inside = parser.variables.length;
  if (type === 'range') parser.rangeDepth++;
  const { body, end } = parseList(parser);
  if (type === 'range') parser.rangeDepth--;
  const otherwise = end === 'else' ? parseElseBranch(parser, type, inside) : undefined;
  parser.variables.length = scope;
  parser.nesting--;
  return { type, pos: pipe.pos, pipe, body, otherwise };
}

/** Parses what follows else. Go's parser still knows the body's variables there; running one that has no other is an error. */
function parseElseBranch(parser: Parser, type: BranchNode['type'], inside: number): Statement[] {
  const { pending } = parser;
  const gone = parser.variables.splice(inside).map((variable) => variable.name);
  parser.pending = [...pending, ...gone];
  const otherwise = parseOtherwise(parser, type);
  parser.pending = pending;
  return otherwise;
}

function parseOtherwise(parser: Parser, type: BranchNode['type']): Statement[] {
  const { tokens } = parser;
  const word = tokens.peek();
  if (word.type === 'keyword' && (word.text === 'if' || word.text === 'with')) {
    if (word.text !== type) tokens.unexpected(tokens.next(), 'input');
    tokens.next();
    return [parseBranch(parser, word.text)];
  }
  const { body, end } = parseList(parser);
  if (end !== 'end') tokens.fail('expected end; found {{else}}');
  return body;
}

function parseJump(parser: Parser, type: 'break' | 'continue', token: Token): Statement {
  const { tokens } = parser;
  const next = tokens.nextPastSpace();
  if (next.type !== 'right') tokens.unexpected(next, `{{${type}}}`);
  if (parser.rangeDepth === 0) tokens.fail(`{{${type}}} outside {{range}}`);
  return { type, pos: token.pos, line: token.line };
}

function parseCall(parser: Parser): Statement {
  const { tokens } = parser;
  const context = 'template clause';
  const token = tokens.nextPastSpace();
  const name = parseName(parser, token, context);
  let pipe: PipeNode | undefined;
  if (tokens.nextPastSpace().type !== 'right') {
    tokens.back();
    pipe = parsePipeline(parser, context, 'right');
  }
  return { type: 'template', pos: token.pos, name, pipe };
}

function parseBlock(parser: Parser): Statement {
  const context = 'block clause';
  const token = parser.tokens.nextPastSpace();
  const name = parseName(parser, token, context);
  const pipe = parsePipeline(parser, context, 'right');
  // Go parses the body apart, and an else that ends it is a mistake of the block's own line.
  parseNamed(parser, name, context, parser.tokens.line);
  return { type: 'template', pos: token.pos, name, pipe };
}

function parseName(parser: Parser, token: Token, context: string): string {
  if (token.type !== 'string' && token.type !== 'rawString') return parser.tokens.unexpected(token, context);
  return unquote(token.text) ?? parser.tokens.fail('invalid syntax');
}

function checkNesting(parser: Parser): void {
  if (parser.nesting > MAX_NESTING) parser.tokens.fail(`nests deeper than ${MAX_NESTING} levels`);
}
