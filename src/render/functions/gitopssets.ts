import { byteLength } from '../values/byte-string.ts';
import { clipQuoted, quoteGo } from '../values/quote.ts';
import type { NumberMode, Value, ValueMap } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { lowerCharacter } from './letters.ts';
import { closely } from './size.ts';
import { toYaml } from './to-yaml.ts';

const MAX_NAME = 63;

/** What GitOpsSets adds to Sprig. */
export function gitOpsSetFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn(
      'sanitize',
      '(string) -> string',
      closely((name: string) => sanitize(name, mode)),
    ),
    fn('getordefault', '(map, string, any) -> any', (map: ValueMap, key: string, fallback: Value) => {
      return Object.hasOwn(map, key) ? (map[key] ?? null) : fallback;
    }),
    toYamlFunction(mode),
  ];
}

/** The `toYaml` that GitOpsSets, Helm and ApplicationSets have in common. */
export function toYamlFunction(mode: NumberMode): FunctionDef {
  return fn('toYaml', '(any) -> string', (value: Value) => toYaml(value, mode), 'writes');
}

/** A DNS label from any text: other characters are dropped, not replaced. */
function sanitize(name: string, mode: NumberMode): string {
  if (name === '') throw new Error('DNS name can not be empty');
  const characters = [...name].map(lowerCharacter);
  const start = Math.max(
    0,
    characters.findIndex((char) => /^[a-z]$/.test(char)),
  );
  const end = characters.findLastIndex((char, i) => i <= start || /^[a-z0-9]$/.test(char));
  const kept = characters.slice(start, end + 1).filter((char) => /^[a-z0-9-]$/.test(char));
  const label = kept.join('');
  const shown = () => quoteGo(mode === 'exact' ? clipQuoted(name) : name);
  if (byteLength(label) > MAX_NAME) {
    throw new Error(`DNS name ${shown()} exceeded maximum length of ${MAX_NAME}`);
  }
  if (label === '') throw new Error(`DNS name ${shown()} sanitized is empty`);
  return label;
}
