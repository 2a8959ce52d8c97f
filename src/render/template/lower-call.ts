import type { FunctionDef } from '../functions/function-def.ts';
import type { ParamType } from '../functions/signature.ts';
import { expression, type HandlebarsExpression } from './handlebars-ast.ts';
import { lastOperand } from './last-operand.ts';
import { isLiteral, literalArgument } from './literal-argument.ts';
import {
  addPlace,
  addRegister,
  addSite,
  type Lowered,
  type Lowering,
  lowerConstant,
  lowerFault,
  operandPlace,
  placed,
} from './lowering.ts';
import { expressionSite } from './site.ts';
import type { Operand } from './tree.ts';

/** A function and its arguments; `final` is the value piped into it. */
export interface Call {
  readonly args: readonly Operand[];
  readonly final?: Lowered | undefined;
  readonly pos: number;
  readonly describe: () => string;
  /** Lowers an argument. */
  readonly evaluate: (node: Operand) => Lowered;
}

/** An argument ready to be passed: its expression and the converter that its code is wrapped in. */
interface Argument {
  readonly lowered: Lowered;
  readonly convert: ParamType | undefined;
  /** Where a piped value is when its type is checked. */
  readonly place?: number;
}

/** Lowers a function call: arguments are counted and literals are converted now, the rest when it runs. */
export function lowerCall(lowering: Lowering, call: Call): Lowered {
  const head = call.args[0] as Extract<Operand, { type: 'function' }>;
  const def = lowering.functions.get(head.name) as FunctionDef;
  const wrong = countFault(def, call);
  if (wrong !== undefined) return lowerFault(lowering, operandPlace(lowering, head), wrong, call.final);
  const args = lowerArguments(lowering, def, call);
  if (def.isLazy) return lowerLazy(lowering, def, call, args);
  return lowerEager(lowering, def, call, args);
}

function countFault(def: FunctionDef, call: Call): string | undefined {
  const { params, rest } = def.signature;
  const written = call.args.length - 1;
  const given = written + (call.final === undefined ? 0 : 1);
  if (rest !== undefined) {
    if (given >= params.length) return undefined;
    return `wrong number of args for ${def.name}: want at least ${params.length} got ${written}`;
  }
  if (given === params.length) return undefined;
  return `wrong number of args for ${def.name}: want ${params.length} got ${given}`;
}

function lowerArguments(lowering: Lowering, def: FunctionDef, call: Call): Argument[] {
  const { params, rest } = def.signature;
  const typeAt = (i: number) => params[i] ?? (rest as ParamType);
  const args = call.args.slice(1).map((node, i) => lowerArgument(lowering, call, node, typeAt(i)));
  if (call.final !== undefined) args.push(pipedArgument(lowering, call, call.final, typeAt(args.length)));
  return args;
}

function pipedArgument(lowering: Lowering, call: Call, final: Lowered, type: ParamType): Argument {
  if (type === 'any') return { lowered: final, convert: type };
  const place = operandPlace(lowering, lastOperand(call.args.at(-1) as Operand));
  return { lowered: final, convert: type, place };
}

function lowerArgument(lowering: Lowering, call: Call, node: Operand, type: ParamType): Argument {
  if (!isLiteral(node)) {
    const lowered = call.evaluate(node);
    const isPlaced = type === 'any' || node.type === 'field';
    return { lowered: isPlaced ? lowered : placed(lowering, lowered, lastOperand(node)), convert: type };
  }
  const literal = literalArgument(node, type);
  if ('value' in literal) return { lowered: lowerConstant(lowering, literal.value), convert: undefined };
  return { lowered: lowerFault(lowering, operandPlace(lowering, node), literal.fault), convert: undefined };
}

/** The call itself. A piped value comes first; after its arguments the place is the call again. */
function lowerEager(lowering: Lowering, def: FunctionDef, call: Call, args: readonly Argument[]): Lowered {
  const place = addPlace(lowering, { pos: call.pos, describe: call.describe, callee: def.name });
  const name = `f${functionNumber(lowering, def)}`;
  const moves = args.some((arg) => arg.lowered.moves || arg.place !== undefined);
  const register = moves ? addRegister(lowering) : undefined;
  const last = args.at(-1);
  const isKept = last?.place !== undefined || (call.final?.moves && args.length > 1);
  const piped = isKept ? addRegister(lowering) : undefined;
  const site = expressionSite((codes) => {
    const values = piped === undefined ? codes : [...codes.slice(0, -1), pipedCode(piped, last?.place)];
    const passed = values.map((code, i) => convertCode(code, (args[i] as Argument).convert));
    const before = piped === undefined ? '' : `${piped}=${codes.at(-1)},`;
    if (register === undefined) return `(${before}data.at=${place},${name}(${passed.join(',')}))`;
    const final = passed.pop();
    const all = [...passed, `(${register}=${final},data.at=${place},${register})`];
    return `(${before}${name}(${all.join(',')}))`;
  });
  return { node: expression(addSite(lowering, site), nodesOf(args)), moves: true };
}

/** and, or: each argument is evaluated only when those before it did not decide; a piped value always is. */
function lowerLazy(lowering: Lowering, def: FunctionDef, call: Call, args: readonly Argument[]): Lowered {
  const registers = args.map(() => addRegister(lowering));
  const site = expressionSite((codes) => {
    const piped = call.final === undefined ? '' : `${registers.at(-1)}=(${codes.at(-1)}??null),`;
    let code = piped === '' ? `(${codes.at(-1)}??null)` : (registers.at(-1) as string);
    for (let i = codes.length - 2; i >= 0; i--) {
      const register = registers[i] as string;
      const test = `$.isTrue(${register}=(${codes[i]}??null))`;
      code = def.name === 'and' ? `(${test}?${code}:${register})` : `(${test}?${register}:${code})`;
    }
    return `(${piped}${code})`;
  });
  return {
    node: expression(addSite(lowering, site), nodesOf(args)),
    moves: args.some((arg) => arg.lowered.moves),
  };
}

function pipedCode(register: string, place: number | undefined): string {
  return place === undefined ? register : `(data.at=${place},${register})`;
}

function nodesOf(args: readonly Argument[]): HandlebarsExpression[] {
  return args.map((arg) => arg.lowered.node);
}

function convertCode(code: string, type: ParamType | undefined): string {
  if (type === undefined) return code;
  return type === 'any' ? `(${code}??null)` : `$.to.${type}(${code})`;
}

function functionNumber(lowering: Lowering, def: FunctionDef): number {
  const known = lowering.calls.indexOf(def);
  return known >= 0 ? known : lowering.calls.push(def) - 1;
}
