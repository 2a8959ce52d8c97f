import { GO_TYPE, type ParamType } from '../functions/signature.ts';
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
      if (node.type === 'number' && node.float !== undefined) return { value: node.float };
      return { fault: `expected float; found ${operandText(node)}` };
    case 'int':
    case 'int64':
      if (node.type === 'number' && node.int !== undefined) return { value: Number(node.int) };
      return { fault: `expected integer; found ${operandText(node)}` };
    default:
      return { fault: `can't handle ${operandText(node)} for arg of type ${GO_TYPE[type]}` };
  }
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
  return { fault: `cannot assign nil to ${GO_TYPE[type]}` };
}
