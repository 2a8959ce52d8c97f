import { isTrue } from '../values/truth.ts';
import type { NumberMode, Value } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { listItems } from './list-items.ts';

/** Sprig's functions that choose between values. Empty is what if calls false. */
export function defaultFunctions(_mode: NumberMode): FunctionDef[] {
  return [
    fn('default', '(any, ...any) -> any', (fallback: Value, given: Value) =>
      isTrue(given) ? given : fallback,
    ),
    fn('empty', '(any) -> bool', (value: Value) => !isTrue(value)),
    fn('coalesce', '(...any) -> any', (...values: Value[]) => values.find(isTrue) ?? null),
    fn('all', '(...any) -> bool', (...values: Value[]) => values.every(isTrue)),
    fn('any', '(...any) -> bool', (...values: Value[]) => values.some(isTrue)),
    fn('ternary', '(any, any, bool) -> any', (yes: Value, no: Value, test: boolean) => (test ? yes : no)),
    fn('hello', '() -> string', () => 'Hello!'),
    fn('fail', '(string) -> string', (message: string) => {
      throw new Error(message);
    }),
    fn('compact', '(any) -> list', (list: Value) => listItems(list, 'compact on').filter(isTrue)),
    fn('mustCompact', '(any) -> list', (list: Value) => listItems(list, 'compact on').filter(isTrue)),
  ];
}
