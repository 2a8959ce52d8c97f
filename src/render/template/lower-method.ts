import type { MethodParam } from '../values/method.ts';
import { expression } from './handlebars-ast.ts';
import { lastOperand } from './last-operand.ts';
import { isLiteral, type Literal, literalArgument } from './literal-argument.ts';
import {
  addRegister,
  addSite,
  constantCode,
  type Lowered,
  type Lowering,
  operandPlace,
  placed,
} from './lowering.ts';
import { expressionSite } from './site.ts';
import type { Operand } from './tree.ts';

/** A method with arguments; `final` is the value piped into it. */
interface MethodLowering {
  readonly receiver: Lowered;
  readonly name: string;
  /** Code for what the receiver came out of, as for fields. */
  readonly source: string;
  /** The node that error texts point to, and the one they point to once the arguments are evaluated. */
  readonly node: Operand;
  readonly member: Operand;
  /** The command's operands, of which the first is the method. */
  readonly args: readonly Operand[];
  readonly final: Lowered | undefined;
  /** Lowers an argument. */
  readonly evaluate: (node: Operand) => Lowered;
}

/** An argument: the node that gives its value, where it is not a literal, and its code from that node's. */
interface Argument {
  readonly lowered: Lowered | undefined;
  readonly emit: (code: string) => string;
}

const PARAMS: readonly MethodParam[] = ['string', 'int', 'time', 'duration', 'location', 'version'];

/**
 * Lowers a method's call. Whether there is such a method, and what its parameters are, is known when it runs; its
 * arguments are evaluated after that.
 */
export function lowerMethod(lowering: Lowering, call: MethodLowering): Lowered {
  const [place, callPlace] = [operandPlace(lowering, call.node), operandPlace(lowering, call.member)];
  const [receiver, piped] = [addRegister(lowering), addRegister(lowering)];
  const args = call.args.slice(1).map((node) => lowerArgument(lowering, call, node));
  if (call.final !== undefined) args.push(pipedArgument(lowering, call, piped));
  const nodes = args.flatMap(({ lowered }) => (lowered === undefined ? [] : [lowered.node]));
  const before = call.final === undefined ? [] : [call.final.node];
  const site = expressionSite((codes) => {
    const rest = [...codes];
    const first = call.final === undefined ? '' : `${piped}=${rest.shift()},`;
    const object = `${receiver}=${rest.shift()}`;
    const thunks = args.map(
      ({ lowered, emit }) => `(t,to)=>${emit(lowered === undefined ? '' : (rest.shift() as string))}`,
    );
    const parts = `name:${JSON.stringify(call.name)},source:${call.source},args:[${thunks.join(',')}],place:()=>{data.at=${callPlace}}`;
    return `(${first}${object},data.at=${place},$.method(${receiver},{${parts}}))`;
  });
  return {
    node: expression(addSite(lowering, site), [...before, call.receiver.node, ...nodes]),
    moves: true,
  };
}

function lowerArgument(lowering: Lowering, call: MethodLowering, node: Operand): Argument {
  if (isLiteral(node)) return { lowered: undefined, emit: () => literalCode(lowering, node) };
  const lowered = call.evaluate(node);
  const isPlaced = node.type === 'field';
  return {
    lowered: isPlaced ? lowered : placed(lowering, lowered, lastOperand(node)),
    emit: (code) => `to[t](${code})`,
  };
}

/** A piped value has been evaluated before; Go checks its type where it evaluated last. */
function pipedArgument(lowering: Lowering, call: MethodLowering, piped: string): Argument {
  const last = call.args.length > 1 ? lastOperand(call.args.at(-1) as Operand) : call.node;
  const place = operandPlace(lowering, last);
  return { lowered: undefined, emit: () => `(data.at=${place},to[t](${piped}))` };
}

/** A literal as whichever type the parameter turns out to have. */
function literalCode(lowering: Lowering, node: Literal): string {
  const place = operandPlace(lowering, node);
  return PARAMS.reduceRight((otherwise, type) => {
    const literal = literalArgument(node, type);
    const code =
      'value' in literal
        ? constantCode(lowering, literal.value)
        : `(data.at=${place},$.fault(${JSON.stringify(literal.fault)}))`;
    return `t===${JSON.stringify(type)}?${code}:${otherwise}`;
  }, 'null');
}
