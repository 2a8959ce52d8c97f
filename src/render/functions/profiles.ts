import type { NumberMode } from '../values/value.ts';
import { applicationSetFunctions } from './application-set.ts';
import { builtinFunctions } from './builtins.ts';
import type { FunctionDef } from './function-def.ts';
import { generatorSetFunctions } from './generator-set.ts';
import { gitOpsSetFunctions, toYamlFunction } from './gitopssets.ts';
import { helmBasics, helmFromJson, helmFunctions } from './helm.ts';
import { sprigFunctions } from './sprig.ts';

/** The names of the profiles: `none` has Go's builtins alone, `generatorset` has everything. */
export const FUNCTION_PROFILES = [
  'none',
  'sprig',
  'gitopssets',
  'applicationset',
  'helm',
  'generatorset',
] as const;

/** Which functions a template may call. */
export type FunctionProfile = (typeof FUNCTION_PROFILES)[number];

/** Sprig's functions that GitOpsSets takes away. */
const NOT_IN_GITOPSSETS: ReadonlySet<string> = new Set([
  'sha256sum',
  'genPrivateKey',
  'derivePassword',
  'base',
  'dir',
  'ext',
  'clean',
  'isAbs',
  'osBase',
  'osDir',
  'osExt',
  'osClean',
  'osIsAbs',
]);

const tables = new Map<string, ReadonlyMap<string, FunctionDef>>();

/** The functions of a profile by name, under a number mode. Sprig's replace builtins of the same name. */
export function functionsOf(profile: FunctionProfile, mode: NumberMode): ReadonlyMap<string, FunctionDef> {
  const key = `${profile} ${mode}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = new Map(listFunctions(profile, mode).map((def) => [def.name, def]));
  tables.set(key, table);
  return table;
}

/** Later functions replace earlier ones of the same name. */
function listFunctions(profile: FunctionProfile, mode: NumberMode): FunctionDef[] {
  const builtins = builtinFunctions(mode);
  if (profile === 'none') return builtins;
  const sprig = sprigFunctions(mode);
  switch (profile) {
    case 'sprig':
      return [...builtins, ...sprig, ...gitOpsSetFunctions(mode), ...helmBasics(mode)];
    case 'gitopssets': {
      const kept = sprig.filter((def) => !NOT_IN_GITOPSSETS.has(def.name));
      return [...builtins, ...kept, ...gitOpsSetFunctions(mode)];
    }
    case 'applicationset':
      return [...builtins, ...sprig, toYamlFunction(mode), ...applicationSetFunctions(mode)];
    case 'helm':
      return [...builtins, ...sprig, toYamlFunction(mode), ...helmFunctions(mode), helmFromJson(mode)];
  }
  const added = [...gitOpsSetFunctions(mode), ...helmFunctions(mode), ...generatorSetFunctions(mode)];
  return [...builtins, ...sprig, ...added];
}
