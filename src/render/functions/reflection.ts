import { deepEqual } from '../values/compare.ts';
import { kindName, type NumberMode, typeName, type Value } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';

/** Sprig's questions about types. */
export function reflectionFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn('typeOf', '(any) -> string', typeOf),
    fn('typeIs', '(string, any) -> bool', (name: string, value: Value) => name === typeOf(value)),
    fn('typeIsLike', '(string, any) -> bool', (name: string, value: Value) => {
      return name === typeOf(value) || `*${name}` === typeOf(value);
    }),
    fn('kindOf', '(any) -> string', kindName),
    fn('kindIs', '(string, any) -> bool', (name: string, value: Value) => name === kindName(value)),
    fn('deepEqual', '(any, any) -> bool', (a: Value, b: Value) => deepEqual(mode, a, b)),
  ];
}

function typeOf(value: Value): string {
  return value === null || value === undefined ? '<nil>' : typeName(value);
}
