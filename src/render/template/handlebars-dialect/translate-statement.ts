import type { BranchNode, Operand, PipeNode, Statement } from '../tree.ts';
import type { NativeBlock, NativeMustache, NativeProgram, NativeStatement } from './native-tree.ts';
import { type LoopSlots, type Scope, type Slot, usedPosition } from './scope.ts';
import { failAt, quoteSpan } from './template-source.ts';
import { operandPipe, translateCall, translateExpression } from './translate-expression.ts';
import { BLOCKS, isPlainName, translatePath } from './translate-path.ts';
import { type Translation, useSlot } from './translation.ts';

/** How many block parameters a block gives. */
const PARAMETERS: Readonly<Record<string, number>> = { each: 2, with: 1 };

/** Translates the statements of a program; comments and emptied text are gone. */
export function translateProgram(
  translation: Translation,
  scope: Scope,
  program: NativeProgram | undefined,
): Statement[] {
  return (program?.body ?? []).flatMap((node) => translateStatement(translation, scope, node) ?? []);
}

function translateStatement(
  translation: Translation,
  scope: Scope,
  node: NativeStatement,
): Statement | undefined {
  const { pos } = node.loc;
  switch (node.type) {
    case 'ContentStatement':
      return node.value === '' ? undefined : { type: 'text', pos, text: node.value };
    case 'CommentStatement':
      return undefined;
    case 'MustacheStatement':
      return { type: 'action', pos, pipe: translateMustache(translation, scope, node) };
    case 'BlockStatement':
      return translateBlock(translation, scope, node);
  }
}

/** A word alone is the function of that name, where there is one; else it is a key. */
function translateMustache(translation: Translation, scope: Scope, node: NativeMustache): PipeNode {
  const { path, params } = node;
  const [name = ''] = path.parts;
  const isCall =
    params.length > 0 || (isPlainName(translation, scope, path) && isFunction(translation, name));
  if (!isCall) return operandPipe(translatePath(translation, scope, path));
  if (params.length === 0) checkNeedsNothing(translation, node, name);
  return translateCall(translation, scope, node);
}

/** Whether a word alone is not a key. */
function isFunction({ functions }: Translation, name: string): boolean {
  return functions.has(name) || BLOCKS.has(name);
}

/** A word that is a function of arguments was meant as a key, as often as not: only the writer can tell. */
function checkNeedsNothing({ source, defs }: Translation, { path }: NativeMustache, name: string): void {
  const signature = defs.get(name)?.signature;
  if (signature === undefined || (signature.params.length === 0 && signature.rest === undefined)) return;
  failAt(source, path.loc.pos, `${name} is a function that takes arguments: write this.${name} for the key`);
}

/** The four blocks; any other name is a plain section, whether it is a function's or not. */
function translateBlock(translation: Translation, scope: Scope, node: NativeBlock): Statement {
  const { source } = translation;
  const name = isPlainName(translation, scope, node.path) ? (node.path.parts[0] as string) : '';
  checkParameters(translation, node, BLOCKS.has(name) ? name : '');
  if (!BLOCKS.has(name)) return translateSection(translation, scope, node);
  const [argument] = node.params;
  if (argument === undefined || node.params.length > 1) {
    return failAt(
      source,
      node.path.loc.pos,
      `{{#${name}}} takes one argument: write (function ...) for a call`,
    );
  }
  const value = translateExpression(translation, scope, argument);
  if (value.type === 'nil') failAt(source, value.pos, `{{#${name}}} of null is never run`);
  if (name === 'each') return translateEach(translation, scope, { node, value });
  if (name === 'with') return translateWith(translation, scope, { node, value });
  return translateIf(translation, scope, { node, value, isInverted: name === 'unless' });
}

/** A block and the value of its argument. */
interface Block {
  readonly node: NativeBlock;
  readonly value: Operand;
}

/** `if` and `unless` leave the context as it is: they are no step of `../`. */
function translateIf(
  translation: Translation,
  scope: Scope,
  { node, value, isInverted }: Block & { isInverted: boolean },
): BranchNode {
  const pipe = operandPipe(value);
  const { program, inverse } = node;
  const [yes, no] = isInverted ? [inverse, program] : [program, inverse];
  const body = translateProgram(translation, scope, yes);
  return { type: 'if', pos: pipe.pos, pipe, body, otherwise: otherwise(translation, scope, no) };
}

/** The body comes first: only then is known whether a path inside names the context. */
function translateWith(translation: Translation, scope: Scope, { node, value }: Block): BranchNode {
  const context: Slot = { name: 'this' };
  const inner: Scope = { parent: scope, context, names: namesOf(node, [context]) };
  const body = translateProgram(translation, inner, node.program);
  const pipe = { ...operandPipe(value), variables: context.variable ? [context.variable] : [] };
  return { type: 'with', pos: pipe.pos, pipe, body, otherwise: otherwise(translation, scope, node.inverse) };
}

/** A range sets only what its body names. */
function translateEach(translation: Translation, scope: Scope, { node, value }: Block): BranchNode {
  const context: Slot = { name: 'this' };
  const loop: LoopSlots = {
    index: { name: '@index' },
    key: { name: '@key' },
    first: { name: '@first' },
    last: { name: '@last' },
  };
  const names = namesOf(node, [context, loop.key]);
  const body = translateProgram(translation, { parent: scope, context, names, loop }, node.program);
  // A range that sets its key sets its item too.
  const key = loop.key.variable;
  const item = key ? useSlot(translation, context) : context.variable;
  const variables = [...(key ? [key] : []), ...(item ? [item] : [])];
  const pipe = { ...operandPipe(value), variables };
  const position = usedPosition(loop);
  const branch = { type: 'range', pos: pipe.pos, pipe, body, ...(position && { position }) } as const;
  return { ...branch, otherwise: otherwise(translation, scope, node.inverse) };
}

/** `{{#key}}`: a list is run over, any other true value is entered. */
function translateSection(translation: Translation, scope: Scope, node: NativeBlock): BranchNode {
  const { source } = translation;
  const written = quoteSpan(source, node.path.loc);
  if (node.params.length > 0) {
    const reason = `${written} is no block: blocks are if, unless, with and each, as in {{#if (${written} ...)}}`;
    return failAt(source, node.path.loc.pos, reason);
  }
  const context: Slot = { name: 'this' };
  const inner: Scope = { parent: scope, context, names: new Map(), loop: 'unknown' };
  const value = operandPipe(translatePath(translation, scope, node.path));
  const body = translateProgram(translation, inner, node.program);
  const pipe = { ...value, variables: context.variable ? [context.variable] : [] };
  const branch = { type: 'range', pos: pipe.pos, pipe, body, isSection: true } as const;
  return { ...branch, otherwise: otherwise(translation, scope, node.inverse) };
}

function otherwise(
  translation: Translation,
  scope: Scope,
  program: NativeProgram | undefined,
): Statement[] | undefined {
  return program && translateProgram(translation, scope, program);
}

/** Refuses block parameters that the block does not give, or that no path could name. */
function checkParameters({ source }: Translation, node: NativeBlock, block: string): void {
  const names = [...(node.program?.blockParams ?? []), ...(node.inverse?.blockParams ?? [])];
  const most = PARAMETERS[block] ?? 0;
  if (names.length > most) {
    const reason = 'too many block parameters: {{#each}} gives two, {{#with}} one, other blocks none';
    failAt(source, node.loc.pos, reason);
  }
  const wrong = names.find((name, i) => BLOCKS.has(name) || name === 'this' || names.indexOf(name) < i);
  if (wrong !== undefined) failAt(source, node.loc.pos, `${wrong} can't be a block parameter here`);
}

/** The block parameters by name. */
function namesOf(node: NativeBlock, slots: readonly Slot[]): Map<string, Slot> {
  const names = node.program?.blockParams ?? [];
  return new Map(names.map((name, i) => [name, slots[i] as Slot]));
}
