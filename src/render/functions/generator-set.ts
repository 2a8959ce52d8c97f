import type { NumberMode, Value } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { quantityFunctions } from './quantities.ts';
import { readableSlugFunctions } from './slugs.ts';

/** Our own. `typed` leaves the value as it is: it only marks a leaf that takes the value's own type. */
export function generatorSetFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn('typed', '(any) -> any', (value: Value) => value),
    ...quantityFunctions(),
    ...readableSlugFunctions(mode),
  ];
}
