import type { KnownFunctions } from '../functions/refusals.ts';
import { quoteGo } from '../values/quote.ts';
import { operandText } from './node-text.ts';
import { parseNumber, unquote } from './parse-literal.ts';
import type { Token, TokenType } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import type { CommandNode, Operand, PipeNode, Variable } from './tree.ts';

/** The id of a variable that is used before it is declared: running it is an error. */
export const UNDECLARED = -1;

/** How deeply parentheses may nest. */
const MAX_NESTING = 200;

/** A call that is well formed and not permitted. */
export interface RefusedCall {
  readonly pos: number;
  readonly reason: string;
}

/** Refused calls that one template is told of. */
const MAX_REFUSED = 100;

/** What the parsing of a pipeline reads and changes. */
export interface PipelineParser {
  readonly tokens: TokenReader;
  readonly functions: KnownFunctions;
  /** Calls of functions that exist and may not be called. */
  readonly refused: RefusedCall[];
  /** Variables in scope, the innermost last. */
  readonly variables: Variable[];
  /** Names that the pipelines being read will declare, or that a branch before declared. */
  pending: readonly string[];
  /** How many variables were declared so far. */
  count: number;
  nesting: number;
}

const NOTHING = { variables: [] as readonly Variable[], isAssignment: false };

const OPERANDS: ReadonlySet<TokenType> = new Set([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

const LITERALS: ReadonlySet<Operand['type']> = new Set(['bool', 'dot', 'nil', 'number', 'string']);

/** Parses a pipeline up to and including the token that ends it. */
export function parsePipeline(parser: PipelineParser, context: string, end: TokenType): PipeNode {
  const { tokens } = parser;
  const pos = tokens.peekPastSpace().pos;
  const declared = parseDeclarations(parser, context);
  const pending = parser.pending;
  parser.pending = [...pending, ...declared.variables.map((variable) => variable.name)];
  const commands: CommandNode[] = [];
  for (let token = tokens.nextPastSpace(); token.type !== end; token = tokens.nextPastSpace()) {
    if (!OPERANDS.has(token.type)) tokens.unexpected(token, context);
    tokens.back();
    commands.push(parseCommand(parser));
  }
  checkCommands(parser, commands, context);
  parser.pending = pending;
  parser.variables.push(...declared.variables);
  return { type: 'pipe', pos, ...declared, commands };
}

/** Reads `$x :=`, `$x =` and `$i, $x :=`; without one of them nothing is read. */
function parseDeclarations(parser: PipelineParser, context: string) {
  const { tokens } = parser;
  const mark = tokens.mark();
  const first = nextVariable(parser);
  if (first === undefined) return NOTHING;
  const after = tokens.nextPastSpace();
  if (isDeclaring(after)) return declare(parser, [first], after.type === 'assign');
  if (!isComma(after)) {
    tokens.rewind(mark);
    return NOTHING;
  }
  if (context !== 'range') tokens.fail(`too many declarations in ${context}`);
  const { type } = tokens.peekPastSpace();
  if (type === 'right' || type === 'rightParen') return declare(parser, [first], false);
  const afterComma = tokens.mark();
  const second = nextVariable(parser);
  if (second === undefined) return tokens.fail('range can only initialize variables');
  const end = tokens.nextPastSpace();
  if (isComma(end)) tokens.fail(`too many declarations in ${context}`);
  if (isDeclaring(end)) return declare(parser, [first, second], end.type === 'assign');
  // Without a sign the second variable is what the range runs over.
  tokens.rewind(afterComma);
  return declare(parser, [first], false);
}

function nextVariable(parser: PipelineParser): Token | undefined {
  const isVariable = parser.tokens.peekPastSpace().type === 'variable';
  return isVariable ? parser.tokens.next() : undefined;
}

function isDeclaring(token: Token): boolean {
  return token.type === 'assign' || token.type === 'declare';
}

function isComma(token: Token): boolean {
  return token.type === 'char' && token.text === ',';
}

/** Go evaluates the pipeline before it declares: until then the name still means an outer variable, or none. */
function declare(parser: PipelineParser, names: readonly Token[], isAssignment: boolean) {
  const variables = names.map((name) => {
    if (!isAssignment) return { name: name.text, id: parser.count++ };
    const known: Variable = lookUp(parser, name.text) ?? { name: name.text, id: UNDECLARED };
    known.isReassigned = true;
    return known;
  });
  return { variables, isAssignment };
}

function checkCommands(parser: PipelineParser, commands: readonly CommandNode[], context: string): void {
  if (commands.length === 0) parser.tokens.fail(`missing value for ${context}`);
  commands.slice(1).forEach((command, i) => {
    if (LITERALS.has((command.args[0] as Operand).type)) {
      parser.tokens.fail(`non executable command in pipeline stage ${i + 2}`);
    }
  });
}

function parseCommand(parser: PipelineParser): CommandNode {
  const { tokens } = parser;
  const pos = tokens.peekPastSpace().pos;
  const args: Operand[] = [];
  for (;;) {
    tokens.peekPastSpace();
    const operand = parseOperand(parser);
    if (operand !== undefined) args.push(operand);
    const token = tokens.next();
    if (token.type === 'space') continue;
    if (token.type === 'right' || token.type === 'rightParen') tokens.back();
    else if (token.type !== 'pipe') tokens.unexpected(token, 'operand');
    break;
  }
  if (args.length === 0) tokens.fail('empty command');
  return { type: 'command', pos, args };
}

/** A term and the fields written directly after it. */
function parseOperand(parser: PipelineParser): Operand | undefined {
  const { tokens } = parser;
  const node = parseTerm(parser);
  if (node === undefined || tokens.peek().type !== 'field') return node;
  const pos = tokens.peek().pos;
  const names: string[] = [];
  while (tokens.peek().type === 'field') names.push(tokens.next().text.slice(1));
  if (node.type === 'field' || node.type === 'variable')
    return { ...node, pos, names: [...node.names, ...names] };
  if (LITERALS.has(node.type)) tokens.fail(`unexpected . after term ${quoteGo(operandText(node))}`);
  return { type: 'chain', pos, node, names };
}

function parseTerm(parser: PipelineParser): Operand | undefined {
  const { tokens } = parser;
  const token = tokens.nextPastSpace();
  const { pos, text } = token;
  switch (token.type) {
    case 'identifier':
      checkFunction(parser, token);
      return { type: 'function', pos, name: text };
    case 'dot':
    case 'nil':
      return { type: token.type, pos };
    case 'variable':
      return { type: 'variable', pos, variable: findVariable(parser, text), names: [] };
    case 'field':
      return { type: 'field', pos, names: [text.slice(1)] };
    case 'bool':
      return { type: 'bool', pos, value: text === 'true' };
    case 'leftParen':
      return parseParentheses(parser);
  }
  return parseLiteral(parser, token);
}

function checkFunction({ tokens, functions, refused }: PipelineParser, { text, pos }: Token): void {
  if (!functions.has(text)) {
    const absence = functions.absence(text);
    tokens.fail(`function ${quoteGo(text)} not defined${absence === undefined ? '' : `: ${absence}`}`);
  }
  const reason = functions.refusal(text);
  if (reason !== undefined && refused.length < MAX_REFUSED) refused.push({ pos, reason });
}

function parseLiteral(parser: PipelineParser, token: Token): Operand | undefined {
  const { tokens } = parser;
  const { pos, text } = token;
  if (token.type === 'string' || token.type === 'rawString') {
    return { type: 'string', pos, source: text, value: unquote(text) ?? tokens.fail('invalid syntax') };
  }
  if (token.type === 'charConstant' || token.type === 'number' || token.type === 'complex') {
    const number = parseNumber(text, pos, token.type === 'complex');
    return typeof number === 'string' ? tokens.fail(number) : number;
  }
  tokens.back();
  return undefined;
}

function parseParentheses(parser: PipelineParser): PipeNode {
  if (++parser.nesting > MAX_NESTING) parser.tokens.fail(`nests deeper than ${MAX_NESTING} levels`);
  const pipe = parsePipeline(parser, 'parenthesized pipeline', 'rightParen');
  parser.nesting--;
  return pipe;
}

function findVariable(parser: PipelineParser, name: string): Variable {
  const variable = lookUp(parser, name);
  if (variable !== undefined) return variable;
  if (parser.pending.includes(name)) return { name, id: UNDECLARED };
  return parser.tokens.fail(`undefined variable ${quoteGo(name)}`);
}

function lookUp(parser: PipelineParser, name: string): Variable | undefined {
  return parser.variables.findLast((candidate) => candidate.name === name);
}
