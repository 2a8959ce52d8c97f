import type { JsonObject, JsonValue } from '../../lib/json.ts';
import type { Conversion, RewriteText } from '../conversion.ts';
import { type Entry, listOf } from '../entry.ts';
import type { Field } from '../field.ts';

/** What gives the parameters of one generator. */
export interface Children {
  /** The first names of its parameters. */
  readonly names: readonly string[];
  /** The child whose elements have what a file of a Git repository holds. */
  readonly file?: string | undefined;
  /** The entries to be combined, once it is known how templates are rewritten. */
  make(rewrite: RewriteText): Entry[];
}

/** What the conversion of a generator must know. */
export interface GeneratorOptions {
  readonly conversion: Conversion;
  readonly isGo: boolean;
  /** Whether it is the first of a matrix, or in none: templates have nothing to read there. */
  readonly isFirst?: boolean;
}

/** The names of the parameters, and behind them the `values` of the generator, whose templates see the others. */
export function listParameters(
  element: JsonObject,
  field: Field | undefined,
  { conversion, rewrite }: { readonly conversion: Conversion; readonly rewrite: RewriteText },
): Entry[] {
  if (field === undefined) return [listOf(element)];
  const values: JsonValue = conversion.carry(field, rewrite);
  return [listOf(element), listOf({ values })];
}
