import { dot, expression } from './handlebars-ast.ts';
import { lastOperand } from './last-operand.ts';
import { isLiteral, type Literal, type LiteralValue, literalValue } from './literal-argument.ts';
import { lowerCall } from './lower-call.ts';
import {
  addRegister,
  addSite,
  type Lowered,
  type Lowering,
  lowerConstant,
  lowerFault,
  operandPlace,
} from './lowering.ts';
import { commandText, operandText, pipeText } from './node-text.ts';
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
  for (const command of pipe.commands) {
    value = orNoValue(lowering, lowerCommand(lowering, command, value));
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

function lowerCommand(lowering: Lowering, command: CommandNode, final: Lowered | undefined): Lowered {
  const first = command.args[0] as Operand;
  if (first.type === 'function') {
    const describe = () => commandText(command);
    const evaluate = (node: Operand) => lowerOperand(lowering, node);
    return lowerCall(lowering, { args: command.args, final, pos: command.pos, describe, evaluate });
  }
  if (command.args.length === 1 && final === undefined) return lowerOperand(lowering, first);
  return lowerBadArguments(lowering, first, final);
}

/** Arguments for something that is no function. */
function lowerBadArguments(lowering: Lowering, first: Operand, final: Lowered | undefined): Lowered {
  const hasNames =
    (first.type === 'field' || first.type === 'variable' || first.type === 'chain') && first.names.length > 0;
  const text = first.type === 'pipe' ? `(${pipeText(first)})` : operandText(first);
  const reason = hasNames
    ? `${first.names.at(-1)} is not a method but has arguments`
    : `can't give argument to non-function ${text}`;
  return lowerFault(lowering, operandPlace(lowering, first), reason, final);
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
  node: Extract<Operand, { type: 'field' | 'variable' | 'chain' }>,
): Lowered {
  const place = operandPlace(lowering, node.type === 'chain' ? lastOperand(node.node) : node);
  const register = base.moves ? addRegister(lowering) : undefined;
  const isItem = isItemBase(lowering, node);
  const site = expressionSite(([code]) => {
    const start = register ?? (code as string);
    const reads = node.names.reduce(
      (inner, name, i) => `$get(${inner},${JSON.stringify(name)},${i > 0 || isItem})`,
      start,
    );
    return register === undefined
      ? `(data.at=${place},${reads})`
      : `(${register}=${code},data.at=${place},${reads})`;
  });
  return { node: expression(addSite(lowering, site), [base.node]), moves: true };
}

/** Whether what the first field is read from is an item of a map or list. */
function isItemBase(lowering: Lowering, node: Operand): boolean {
  if (node.type === 'field') return lowering.isItem;
  return node.type === 'variable' && lowering.itemVariables.has(node.variable.id);
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
