import { suggest } from '../../lib/suggest.ts';
import type { FunctionDef } from '../functions/function-def.ts';
import type { KnownFunctions } from '../functions/refusals.ts';

/** No function has a name as long as this; longer words are none of them misspelt. */
const MAX_NAME = 32;

/** Known functions that say of a name that is none of them which one was probably meant. */
export function withSuggestions(
  known: KnownFunctions,
  defs: ReadonlyMap<string, FunctionDef>,
): KnownFunctions {
  return { ...known, absence: (name) => known.absence(name) ?? suggestFunction(name, defs.keys()) };
}

function suggestFunction(name: string, names: Iterable<string>): string | undefined {
  if (name.length > MAX_NAME) return undefined;
  // A template may misspell very many: only names of about the same length are compared.
  const difference = Math.ceil(name.length / 4);
  const near = [...names].filter(({ length }) => Math.abs(length - name.length) <= difference);
  const meant = suggest(name, near);
  return meant === undefined ? undefined : `did you mean ${JSON.stringify(meant)}?`;
}
