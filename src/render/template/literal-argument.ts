import { GO_TYPE, type ParamType } from '../functions/signature.ts';
import { Duration } from '../values/duration.ts';
import { GoComplex, goInt } from '../values/go-number.ts';
import type { Value } from '../values/value.ts';
import { operandText } from './node-text.ts';
import type { NumberNode, Operand } from './tree.ts';

/** The value of a literal, or the reason why it has none. */
export type LiteralValue = { readonly value: Value } | { readonly fault: string };

/** Literals; everything else is evaluated when the template runs. */
export type Literal = Extract<Operand, { type: 'bool' | 'string' | 'number' | 'nil' }>;

/** Tells literals from what must be evaluated. */
export function isLiteral(node: Operand): node is Literal {
  return node.type === 'bool' || node.type === 'string' || node.type === 'number' || node.type === 'nil';
}

/** The literal as an argument of a parameter's type: Go reads `3` as an int or as a float64, as is asked. */
export function literalArgument(node: Literal, type: ParamType): LiteralValue {
  if (node.type === 'nil') return nilArgument(type);
  switch (type) {
    case 'any':
      return literalValue(node);
    case 'string':
      return node.type === 'string'
        ? { value: node.value }
        : { fault: `expected string; found ${operandText(node)}` };
    case 'bool':
      return node.type === 'bool'
        ? { value: node.value }
        : { fault: `expected bool; found ${operandText(node)}` };
    case 'float64':
    case 'int':
    case 'int64':
    case 'uint32':
    case 'duration':
      return numberArgument(node, type);
    default:
      return { fault: `can't handle ${operandText(node)} for arg of type ${GO_TYPE[type]}` };
  }
}

type NumberParam = 'float64' | 'int' | 'int64' | 'uint32' | 'duration';

const NUMBER_WORDS: Readonly<Record<NumberParam, string>> = {
  float64: 'float',
  int: 'integer',
  int64: 'integer',
  uint32: 'unsigned integer',
  duration: 'integer',
};

function numberArgument(node: Exclude<Literal, { type: 'nil' }>, type: NumberParam): LiteralValue {
  const value = node.type === 'number' ? readNumber(node, type) : undefined;
  return value === undefined
    ? { fault: `expected ${NUMBER_WORDS[type]}; found ${operandText(node)}` }
    : { value };
}

/** A number literal as a parameter's type; undefined when it is no such number. */
function readNumber({ int, float }: NumberNode, type: NumberParam): Value {
  if (type === 'float64') return float;
  if (int === undefined) return undefined;
  if (type === 'duration') return new Duration(int);
  if (type !== 'uint32') return Number(int);
  return int < 0n ? undefined : Number(BigInt.asUintN(32, int));
}

/** The literal by itself: a float64 when it is written as one, else an int. */
export function literalValue(node: Exclude<Literal, { type: 'nil' }>): LiteralValue {
  return node.type === 'number' ? numberValue(node) : { value: node.value };
}

function numberValue(node: NumberNode): LiteralValue {
  const { source, complex, int, float } = node;
  if (complex !== undefined) return { value: new GoComplex(complex[0], complex[1]) };
  const isHexInt = /^0[xX]/.test(source) && !/[pP]/.test(source);
  if (float !== undefined && !isHexInt && !source.startsWith("'") && /[.eEpP]/.test(source))
    return { value: float };
  return int === undefined ? { fault: `${source} overflows int` } : { value: goInt(int) };
}

function nilArgument(type: ParamType): LiteralValue {
  if (type === 'any') return { value: null };
  if (type === 'list') return { value: [] };
  if (type === 'map') return { value: Object.freeze(Object.create(null)) };
  if (type === 'location' || type === 'version') return { value: null };
  return { fault: `cannot assign nil to ${GO_TYPE[type]}` };
}
