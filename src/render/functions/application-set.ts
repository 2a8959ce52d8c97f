import type { NumberMode } from '../values/value.ts';
import { readYamlList, readYamlMap } from './from-yaml.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { slugFunctions } from './slugs.ts';

/** What ApplicationSets add to Sprig besides `toYaml`: a YAML that cannot be read fails the template. */
export function applicationSetFunctions(mode: NumberMode): FunctionDef[] {
  return [
    ...slugFunctions(mode),
    fn('fromYaml', '(string) -> map', (text: string) => readYamlMap(text, mode)),
    fn('fromYamlArray', '(string) -> list', (text: string) => readYamlList(text, mode)),
  ];
}
