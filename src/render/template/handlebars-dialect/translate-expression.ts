import { quoteGo } from '../../values/quote.ts';
import { parseNumber } from '../parse-literal.ts';
import type { CommandNode, Operand, PipeNode } from '../tree.ts';
import type { NativeExpression, NativePath, Span } from './native-tree.ts';
import type { Scope } from './scope.ts';
import { failAt, quoteSpan } from './template-source.ts';
import { BLOCKS, isPlainName, translatePath } from './translate-path.ts';
import type { Translation } from './translation.ts';

const NO_NAMED = 'templates with a name are of Go templates: there are none here';

/** Handlebars', Helm's and Go's own that are no functions here, and what does the same. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ['range', 'range is a block of Go templates: write {{#each ...}}...{{/each}}'],
  ['define', NO_NAMED],
  ['template', NO_NAMED],
  ['block', NO_NAMED],
  ['lookup', 'lookup is refused: write (index map "key") or (get map "key")'],
  ['include', 'include is refused: a template calls no other template'],
  ['log', 'log is refused: templates write nothing but their output'],
]);

/** Calls that a template is told of at once. */
const MAX_REFUSED = 100;

/** A function's name and its arguments, as they are written. */
interface NativeCall {
  readonly path: NativePath;
  readonly params: readonly NativeExpression[];
}

/** Translates an argument. */
export function translateExpression(translation: Translation, scope: Scope, node: NativeExpression): Operand {
  const { pos } = node.loc;
  switch (node.type) {
    case 'PathExpression':
      return translatePath(translation, scope, node);
    case 'SubExpression':
      return translateCall(translation, scope, node);
    case 'StringLiteral':
      return { type: 'string', pos, source: quoteSpan(translation.source, node.loc), value: node.value };
    case 'NumberLiteral':
      return translateNumber(translation, node.loc);
    case 'BooleanLiteral':
      return { type: 'bool', pos, value: node.value };
    default:
      return { type: 'nil', pos, written: 'null' };
  }
}

/** Translates a function and its arguments. */
export function translateCall(translation: Translation, scope: Scope, call: NativeCall): PipeNode {
  const { path, params } = call;
  const { pos } = path.loc;
  const name = functionName(translation, scope, path);
  const head: Operand = { type: 'function', pos, name };
  const args = params.map((param) => translateExpression(translation, scope, param));
  const written = quoteSpan(translation.source, { pos, end: params.at(-1)?.loc.end ?? path.loc.end });
  return createPipe({ type: 'command', pos, args: [head, ...args], written });
}

/** A pipeline of one value. */
export function operandPipe(operand: Operand): PipeNode {
  if (operand.type === 'pipe') return operand;
  return createPipe({ type: 'command', pos: operand.pos, args: [operand] });
}

function createPipe(command: CommandNode): PipeNode {
  return { type: 'pipe', pos: command.pos, variables: [], isAssignment: false, commands: [command] };
}

/** The function that a call names. Throws when there is none, and takes note when it may not be called. */
function functionName(translation: Translation, scope: Scope, path: NativePath): string {
  const { source, functions, refused } = translation;
  const { pos } = path.loc;
  const written = quoteSpan(source, path.loc);
  if (!isPlainName(translation, scope, path)) failAt(source, pos, `${written} is no function`);
  const name = path.parts[0] as string;
  if (BLOCKS.has(name)) failAt(source, pos, `${name} is a block: write {{#${name} ...}}...{{/${name}}}`);
  const absent = ABSENT.get(name);
  if (absent !== undefined) failAt(source, pos, absent);
  if (!functions.has(name)) {
    const absence = functions.absence(name);
    failAt(
      source,
      pos,
      `function ${quoteGo(written)} not defined${absence === undefined ? '' : `: ${absence}`}`,
    );
  }
  const reason = functions.refusal(name);
  if (reason !== undefined && refused.length < MAX_REFUSED) refused.push({ pos, reason });
  return name;
}

/** Numbers are decimal here, whatever zeros they begin with. */
function translateNumber({ source }: Translation, span: Span): Operand {
  const digits = source.text.slice(span.pos, span.end).replace(/^(-?)0+(?=\d)/, '$1');
  const number = parseNumber(digits, span.pos, false);
  return typeof number === 'string' ? failAt(source, span.pos, number) : number;
}
