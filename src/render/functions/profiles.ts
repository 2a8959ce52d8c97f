import type { NumberMode } from '../values/value.ts';
import { builtinFunctions } from './builtins.ts';
import type { FunctionDef } from './function-def.ts';
import { generatorSetFunctions, gitOpsSetFunctions, sprigExtras } from './gitopssets.ts';
import { sprigFunctions } from './sprig.ts';

/** Which functions a template may call. */
export type FunctionProfile = 'none' | 'sprig' | 'gitopssets' | 'generatorset';

/** Sprig's functions that GitOpsSets takes away. */
const NOT_IN_GITOPSSETS: ReadonlySet<string> = new Set([
  'sha256sum',
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

function listFunctions(profile: FunctionProfile, mode: NumberMode): FunctionDef[] {
  const builtins = builtinFunctions(mode);
  if (profile === 'none') return builtins;
  const sprig = sprigFunctions(mode);
  if (profile === 'sprig') return [...builtins, ...sprig, ...gitOpsSetFunctions(), ...sprigExtras()];
  const kept = sprig.filter((def) => !NOT_IN_GITOPSSETS.has(def.name));
  if (profile === 'gitopssets') return [...builtins, ...kept, ...gitOpsSetFunctions()];
  return [...builtins, ...sprig, ...gitOpsSetFunctions(), ...sprigExtras(), ...generatorSetFunctions()];
}
