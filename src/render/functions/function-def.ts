import type { Value } from '../values/value.ts';
import { parseSignature, type Signature } from './signature.ts';

/** A function's code. Integers arrive as numbers, everything else as its signature says. */
export type Implementation = (...args: never[]) => Value;

/** How a function's text stands to YAML structure: it writes some, or passes on what it was given. */
type Structure = 'writes' | 'keeps';

/** A function that templates may call. */
export interface FunctionDef {
  readonly name: string;
  readonly signature: Signature;
  readonly run: Implementation;
  readonly structure?: Structure;
  /** `and` and `or`: arguments after the one that decides are not evaluated. */
  readonly isLazy?: boolean;
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
