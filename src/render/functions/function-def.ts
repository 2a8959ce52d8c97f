import type { Value } from '../values/value.ts';
import { parseSignature, type Signature } from './signature.ts';

/** A function's code. Integers arrive as numbers, everything else as its signature says. */
export type Implementation = (...args: never[]) => Value;

/** How a function's text stands to YAML structure: it writes some, passes on what it was given, or is one quoted scalar. */
type Structure = 'writes' | 'keeps' | 'quotes';

/** A function that templates may call. */
export interface FunctionDef {
  readonly name: string;
  readonly signature: Signature;
  readonly run: Implementation;
  readonly structure?: Structure;
  /** `and` and `or`: arguments after the one that decides are not evaluated. */
  readonly isLazy?: boolean;
  /** It gives another value at every render: only templates with permission may call it. */
  readonly isNonDeterministic?: boolean;
}

/** Declares a function: its name, its signature such as `(int, string) -> string`, and its code. */
export function fn(name: string, signature: string, run: Implementation, structure?: Structure): FunctionDef {
  const def = { name, signature: parseSignature(signature), run };
  return structure === undefined ? def : { ...def, structure };
}

/** The same function under other names. */
export function aliases(names: readonly string[], signature: string, run: Implementation): FunctionDef[] {
  return names.map((name) => fn(name, signature, run));
}

/** Marks functions that give another value at every render. */
export function nonDeterministic(defs: readonly FunctionDef[]): FunctionDef[] {
  return defs.map((def) => ({ ...def, isNonDeterministic: true }));
}
