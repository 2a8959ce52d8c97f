import { isMethodName } from '../values/methods.ts';
import { dot, expression } from './handlebars-ast.ts';
import { lastOperand } from './last-operand.ts';
import { isLiteral, type Literal, type LiteralValue, literalValue } from './literal-argument.ts';
import { lowerCall } from './lower-call.ts';
import { lowerMethod } from './lower-method.ts';
import {
  addRegister,
  addSite,
  type Lowered,
  type Lowering,
  lowerConstant,
  lowerFault,
  operandPlace,
} from './lowering.ts';
import { commandText, operandText } from './node-text.ts';
import { UNDECLARED } from './parse-pipeline.ts';
import { expressionSite } from './site.ts';
import { isSafePipe } from './structure.ts';
import type { CommandNode, Operand, PipeNode } from './tree.ts';

/** Any operand that is not the function of a command. */
function lowerOperand(lowering: Lowering, node: Operand): Lowered {
  const evaluate = (inner: Operand) => lowerOperand(lowering, inner);
  switch (node.type) {
    case 'dot':
      return { node: dot(), moves: false };
    case 'field':
      return lowerFields(lowering, { node: dot(), moves: false }, node);
    case 'variable':
      return lowerVariable(lowering, node);
    case 'function':
      return lowerCall(lowering, { args: [node], pos: node.pos, describe: () => node.name, evaluate });
    case 'chain':
      return lowerChain(lowering, node);
    case 'pipe':
      return lowerPipe(lowering, node);
    default:
      return lowerLiteral(lowering, node);
  }
}

/** A pipeline; nil at its end is "no value". */
export function lowerPipe(lowering: Lowering, pipe: PipeNode): Lowered {
  let value: Lowered | undefined;
  let before: Operand = pipe;
  for (const command of pipe.commands) {
    value = orNoValue(lowering, lowerCommand(lowering, command, { final: value, before }));
    before = lastOperand(command.args.at(-1) as Operand);
  }
  return assignVariables(lowering, pipe, value as Lowered);
}

/** Nil becomes "no value", as at the end of a command. */
function orNoValue(lowering: Lowering, value: Lowered): Lowered {
  const site = addSite(
    lowering,
    expressionSite(([code]) => `(${code}??undefined)`),
  );
  return { node: expression(site, [value.node]), moves: value.moves };
}

/** Where a command stands in its pipeline. */
interface Stage {
  /** The value of the command before. */
  readonly final: Lowered | undefined;
  /** What Go evaluated last, or the pipeline itself. */
  readonly before: Operand;
}

function lowerCommand(lowering: Lowering, command: CommandNode, { final, before }: Stage): Lowered {
  const first = command.args[0] as Operand;
  if (first.type === 'function') {
    const describe = () => commandText(command);
    const evaluate = (node: Operand) => lowerOperand(lowering, node);
    return lowerCall(lowering, { args: command.args, final, pos: command.pos, describe, evaluate });
  }
  if (command.args.length === 1 && final === undefined) return lowerOperand(lowering, first);
  if (hasMembers(first)) return lowerMember(lowering, command, final);
  const place = operandPlace(lowering, first.type === 'pipe' ? before : first);
  return lowerFault(lowering, place, `can't give argument to non-function ${operandText(first)}`, final);
}

type Member = Extract<Operand, { type: 'field' | 'variable' | 'chain' }>;

/** Whether the last name of an operand may be that of a method. */
function hasMembers(node: Operand): node is Member {
  if (node.type === 'chain') return !isLiteral(node.node);
  return (node.type === 'field' || node.type === 'variable') && node.names.length > 0;
}

/** A member with arguments: a method of what the names before it give. */
function lowerMember(lowering: Lowering, command: CommandNode, final: Lowered | undefined): Lowered {
  const node = command.args[0] as Member;
  return lowerMethod(lowering, {
    receiver: lowerReceiver(lowering, node),
    name: node.names.at(-1) as string,
    source: node.names.length > 1 ? sourceAfter(node.names.at(-2) as string) : sourceOf(lowering, node),
    node: node.type === 'chain' ? lastOperand(node.node) : node,
    member: node,
    args: command.args,
    final,
    evaluate: (inner) => lowerOperand(lowering, inner),
  });
}

/** What a method is called on. */
function lowerReceiver(lowering: Lowering, node: Member): Lowered {
  const base = lowerBase(lowering, node);
  const names = node.names.slice(0, -1);
  return names.length === 0 ? base : lowerFields(lowering, base, node, names);
}

/** What the first name of an operand is read from. */
function lowerBase(lowering: Lowering, node: Member): Lowered {
  if (node.type === 'variable') return lowerVariable(lowering, { ...node, names: [] });
  return node.type === 'field' ? { node: dot(), moves: false } : lowerOperand(lowering, node.node);
}

function lowerLiteral(lowering: Lowering, node: Literal): Lowered {
  if (node.type === 'nil') return lowerFault(lowering, operandPlace(lowering, node), 'nil is not a command');
  const literal: LiteralValue = literalValue(node);
  if ('value' in literal) return lowerConstant(lowering, literal.value);
  return lowerFault(lowering, operandPlace(lowering, node), literal.fault);
}

function lowerVariable(lowering: Lowering, node: Extract<Operand, { type: 'variable' }>): Lowered {
  const { id, name } = node.variable;
  if (id === UNDECLARED) {
    return lowerFault(lowering, operandPlace(lowering, node), `undefined variable: ${name}`);
  }
  const code = id === 0 ? '$root' : `x${id}`;
  const value = {
    node: expression(
      addSite(
        lowering,
        expressionSite(() => code),
      ),
      [],
    ),
    moves: false,
  };
  return node.names.length === 0 ? value : lowerFields(lowering, value, node);
}

function lowerChain(lowering: Lowering, node: Extract<Operand, { type: 'chain' }>): Lowered {
  if (node.node.type === 'nil') {
    const reason = `indirection through explicit nil in ${operandText(node)}`;
    return lowerFault(lowering, operandPlace(lowering, node), reason);
  }
  if (isLiteral(node.node)) return lowerLiteral(lowering, node.node);
  return lowerFields(lowering, lowerOperand(lowering, node.node), node);
}

/** Reads fields of a value one after the other. */
function lowerFields(
  lowering: Lowering,
  base: Lowered,
  node: Member,
  names: readonly string[] = node.names,
): Lowered {
  const place = operandPlace(lowering, node.type === 'chain' ? lastOperand(node.node) : node);
  const register = base.moves ? addRegister(lowering) : undefined;
  const source = sourceOf(lowering, node);
  const site = expressionSite(([code]) => {
    const start = register ?? (code as string);
    const reads = names.reduce(
      (inner, name, i) =>
        `$get(${inner},${JSON.stringify(name)},${i > 0 ? sourceAfter(names[i - 1] as string) : source})`,
      start,
    );
    return register === undefined
      ? `(data.at=${place},${reads})`
      : `(${register}=${code},data.at=${place},${reads})`;
  });
  return { node: expression(addSite(lowering, site), [base.node]), moves: true };
}

/** The same for a field that is read from another one; what a method gave came out of nothing. */
function sourceAfter(name: string): string {
  return isMethodName(name) ? 'false' : 'true';
}

/** Code for the map or list that the value of the first field came out of, or `false`. */
function sourceOf(lowering: Lowering, node: Operand): string {
  if (node.type === 'field') return lowering.source;
  return (node.type === 'variable' && lowering.itemSources.get(node.variable.id)) || 'false';
}

function assignVariables(lowering: Lowering, pipe: PipeNode, value: Lowered): Lowered {
  if (pipe.variables.length === 0) return value;
  const unknown = pipe.variables.find((variable) => variable.id === UNDECLARED);
  if (unknown !== undefined) {
    const place = operandPlace(lowering, lastOperand(pipe));
    return lowerFault(lowering, place, `undefined variable: ${unknown.name}`, value);
  }
  noteSafety(lowering, pipe);
  const targets = pipe.variables.map((variable) => (variable.id === 0 ? '$root' : `x${variable.id}`));
  const site = expressionSite(([code]) => `(${targets.join('=')}=${code})`);
  return { node: expression(addSite(lowering, site), [value.node]), moves: value.moves };
}

/** A variable is safe when the only value it ever gets is. */
function noteSafety(lowering: Lowering, pipe: PipeNode): void {
  if (!isSafePipe(pipe, lowering)) return;
  for (const variable of pipe.variables) {
    if (!variable.isReassigned) lowering.safeVariables.add(variable.id);
  }
}
