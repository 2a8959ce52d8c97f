import type { FunctionDef } from '../../functions/function-def.ts';
import type { KnownFunctions } from '../../functions/refusals.ts';
import type { RefusedCall } from '../parse-pipeline.ts';
import type { Variable } from '../tree.ts';
import type { Slot } from './scope.ts';
import type { TemplateSource } from './template-source.ts';

/** One translation of a Handlebars tree: what it knows, and what it has found so far. */
export interface Translation {
  readonly source: TemplateSource;
  readonly functions: KnownFunctions;
  readonly defs: ReadonlyMap<string, FunctionDef>;
  /** Calls of functions that exist and may not be called. */
  readonly refused: RefusedCall[];
  /** How many variables there are, the data included. */
  variables: number;
}

/** The variable of a slot, made when it is first asked for. */
export function useSlot(translation: Translation, slot: Slot): Variable {
  slot.variable ??= { name: slot.name, id: translation.variables++ };
  return slot.variable;
}
