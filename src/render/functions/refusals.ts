import type { FunctionDef } from './function-def.ts';

/** What a parser must know of the functions that a template may name. */
export interface KnownFunctions {
  readonly has: (name: string) => boolean;
  /** Why a function that does not exist has no place here: a sentence, or nothing. */
  readonly absence: (name: string) => string | undefined;
  /** Why a function that exists may not be called, or undefined when it may. */
  readonly refusal: (name: string) => string | undefined;
}

const NO_ENVIRONMENT = 'templates read no environment, so pass the value as an element';

const NO_CHART = 'a template here is no part of a chart';

/** Functions of Sprig and Helm that no profile has. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ['env', NO_ENVIRONMENT],
  ['expandenv', NO_ENVIRONMENT],
  ['include', `${NO_CHART}; write {{ template "name" . }}, or {{ block }}`],
  ['tpl', `${NO_CHART}; write the text into this template`],
  ['lookup', 'templates ask no cluster; use a generator that reads the object'],
  ['getHostByName', 'templates ask no network, so pass the address as an element'],
]);

/** The functions of a table as a parser sees them; those of another value at every render need permission. */
export function knownFunctions(
  defs: ReadonlyMap<string, FunctionDef>,
  { allowNonDeterministic }: { allowNonDeterministic: boolean },
): KnownFunctions {
  return {
    has: (name) => defs.has(name),
    absence: (name) => ABSENT.get(name),
    refusal: (name) => {
      if (allowNonDeterministic || !defs.get(name)?.isNonDeterministic) return undefined;
      return (
        `${name} gives another value at every render, so every pass would commit: ` +
        'set spec.allowNonDeterministic: true to use it, or pass the value as an element'
      );
    },
  };
}
