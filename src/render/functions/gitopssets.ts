import type { JsonObject, JsonValue } from '../../lib/json.ts';
import { parseYaml, stringifyYaml } from '../../lib/yaml.ts';
import { byteLength } from '../values/byte-string.ts';
import { quoteGo } from '../values/quote.ts';
import { sortedKeys } from '../values/sorted-keys.ts';
import { toJsonValue } from '../values/to-json-value.ts';
import { createMap, isMap, type Value, type ValueMap } from '../values/value.ts';
import { aliases, type FunctionDef, fn } from './function-def.ts';
import { lowerCharacter } from './texts.ts';

const MAX_NAME = 63;

/** What GitOpsSets adds to Sprig. */
export function gitOpsSetFunctions(): FunctionDef[] {
  return [
    fn('sanitize', '(string) -> string', sanitize),
    fn('getordefault', '(map, string, any) -> any', (map: ValueMap, key: string, fallback: Value) => {
      return Object.hasOwn(map, key) ? (map[key] ?? null) : fallback;
    }),
    fn('toYaml', '(any) -> string', toYaml, 'writes'),
  ];
}

/** What Helm and ApplicationSets add to Sprig, as far as it is there. */
export function sprigExtras(): FunctionDef[] {
  return [
    fn('fromYaml', '(string) -> map', fromYaml),
    fn('fromYamlArray', '(string) -> list', fromYamlArray),
    fn('required', '(string, any) -> any', (warning: string, value: Value) => {
      if (value === null || value === undefined || value === '') throw new Error(warning);
      return value;
    }),
  ];
}

/** Our own. `typed` leaves the value as it is: it only marks a leaf that takes the value's own type. */
export function generatorSetFunctions(): FunctionDef[] {
  return aliases(['typed'], '(any) -> any', (value: Value) => value);
}

/** A DNS label from any text: other characters are dropped, not replaced. */
function sanitize(name: string): string {
  if (name === '') throw new Error('DNS name can not be empty');
  const characters = [...name].map(lowerCharacter);
  const start = Math.max(
    0,
    characters.findIndex((char) => /^[a-z]$/.test(char)),
  );
  const end = characters.findLastIndex((char, i) => i <= start || /^[a-z0-9]$/.test(char));
  const kept = characters.slice(start, end + 1).filter((char) => /^[a-z0-9-]$/.test(char));
  const label = kept.join('');
  if (byteLength(label) > MAX_NAME) {
    throw new Error(`DNS name ${quoteGo(name)} exceeded maximum length of ${MAX_NAME}`);
  }
  if (label === '') throw new Error(`DNS name ${quoteGo(name)} sanitized is empty`);
  return label;
}

function toYaml(value: Value): string {
  return stringifyYaml(sortMaps(toJsonValue(value))).replace(/\n$/, '');
}

function sortMaps(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortMaps);
  if (!isMap(value)) return value;
  const entries = sortedKeys(value).map((key) => [key, sortMaps(value[key] as JsonValue)] as const);
  return createMap(entries) as JsonObject;
}

function fromYaml(text: string): Value {
  try {
    const value = parseYaml(text);
    if (value === null) return createMap();
    if (isMap(value)) return value;
    return createMap([['Error', 'the YAML is no map']]);
  } catch (error) {
    return createMap([['Error', (error as Error).message]]);
  }
}

function fromYamlArray(text: string): Value {
  try {
    const value = parseYaml(text);
    if (value === null) return [];
    return Array.isArray(value) ? value : ['the YAML is no list'];
  } catch (error) {
    return [(error as Error).message];
  }
}
