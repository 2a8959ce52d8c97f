import type { NumberMode } from '../values/value.ts';
import { cryptoFunctions } from './crypto.ts';
import { dateFunctions } from './dates.ts';
import { defaultFunctions } from './defaults.ts';
import { dictFunctions } from './dicts.ts';
import { durationFunctions } from './durations.ts';
import { encodingFunctions } from './encoding.ts';
import type { FunctionDef } from './function-def.ts';
import { jsonFunctions } from './json.ts';
import { listFunctions } from './lists.ts';
import { mathFunctions } from './math.ts';
import { pathFunctions } from './paths.ts';
import { reflectionFunctions } from './reflection.ts';
import { regexFunctions } from './regex.ts';
import { semverFunctions } from './semver.ts';
import { stringFunctions } from './strings.ts';
import { textFunctions } from './texts.ts';
import { urlFunctions } from './urls.ts';

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
    ...cryptoFunctions(mode),
    ...regexFunctions(mode),
    ...pathFunctions(),
    ...reflectionFunctions(mode),
    ...dateFunctions(mode),
    ...durationFunctions(mode),
    ...semverFunctions(),
    ...urlFunctions(),
  ];
}
