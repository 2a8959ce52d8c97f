import type { NumberMode } from '../values/value.ts';
import { defaultFunctions } from './defaults.ts';
import { dictFunctions } from './dicts.ts';
import { encodingFunctions } from './encoding.ts';
import type { FunctionDef } from './function-def.ts';
import { jsonFunctions } from './json.ts';
import { listFunctions } from './lists.ts';
import { mathFunctions } from './math.ts';
import { pathFunctions } from './paths.ts';
import { reflectionFunctions } from './reflection.ts';
import { regexFunctions } from './regex.ts';
import { stringFunctions } from './strings.ts';
import { textFunctions } from './texts.ts';

/** Sprig's functions that depend on nothing but their arguments. */
export function sprigFunctions(mode: NumberMode): FunctionDef[] {
  return [
    ...stringFunctions(mode),
    ...textFunctions(mode),
    ...defaultFunctions(mode),
    ...mathFunctions(mode),
    ...listFunctions(mode),
    ...dictFunctions(mode),
    ...jsonFunctions(mode),
    ...encodingFunctions(),
    ...regexFunctions(),
    ...pathFunctions(),
    ...reflectionFunctions(),
  ];
}
