import type { JsonObject, JsonValue } from '../../lib/json.ts';
import type { Conversion, RewriteText } from '../conversion.ts';
import { type Entry, listOf } from '../entry.ts';
import { type Field, fieldsOf, keyOf } from '../field.ts';

/** What gives the parameters of one generator. */
export interface Children {
  /** The first names of its parameters; of `values` the names in it too, as in `values.x`. */
  readonly names: readonly string[];
  /** Those that are paths of a Git repository. */
  readonly paths?: readonly string[];
  /** What else its elements have: names of children, with all that these read. */
  readonly inner?: readonly string[];
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

/** What the conversion of the template must know. */
export interface TemplateOptions {
  readonly conversion: Conversion;
  readonly rewrite: RewriteText;
  /** Whether what an Application deployed is left when it is deleted. */
  readonly isPreserved: boolean;
}

/** The first names of parameters that stand together, and those in their `values`. */
export function namesOf(names: readonly string[], values: Field | undefined): string[] {
  return [...names, 'values', ...fieldsOf(values).map((field) => `values.${keyOf(field)}`)];
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
