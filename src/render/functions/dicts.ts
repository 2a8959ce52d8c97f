import { formatValue } from '../values/format-value.ts';
import { spend } from '../values/meter.ts';
import { sortedKeys } from '../values/sorted-keys.ts';
import { isTrue } from '../values/truth.ts';
import {
  createMap,
  elementType,
  getKey,
  isMap,
  type NumberMode,
  setKey,
  typeName,
  type Value,
  type ValueMap,
  withElementType,
} from '../values/value.ts';
import { startWalk, type Walk, walkInto } from '../values/walk.ts';
import { aliases, type FunctionDef, fn } from './function-def.ts';

/** Maps nest no deeper than this when they are merged; a map that holds itself ends here. */
const MAX_DEPTH = 200;

/** Sprig's functions on maps. `set`, `unset` and the merges change their first argument, as in Go. */
export function dictFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn('dict', '(...any) -> map', (...pairs: Value[]) => dict(pairs, mode)),
    fn('get', '(map, string) -> any', (map: ValueMap, key: string) => getKey(map, key) ?? missing(map, key)),
    fn('set', '(map, string, any) -> map', (map: ValueMap, key: string, value: Value) => {
      if (Object.isFrozen(map)) throw new Error('assignment to entry in nil map');
      setKey(map, key, value);
      return map;
    }),
    fn('unset', '(map, string) -> map', (map: ValueMap, key: string) => {
      delete (map as Record<string, Value>)[key];
      return map;
    }),
    fn('hasKey', '(map, string) -> bool', (map: ValueMap, key: string) => Object.hasOwn(map, key)),
    fn('pluck', '(string, ...map) -> list', (key: string, ...maps: ValueMap[]) => {
      return maps.filter((map) => Object.hasOwn(map, key)).map((map) => map[key] ?? null);
    }),
    fn('keys', '(...map) -> list', (...maps: ValueMap[]) =>
      withElementType(maps.flatMap(sortedKeys), 'string'),
    ),
    fn('values', '(map) -> list', (map: ValueMap) => sortedKeys(map).map((key) => map[key] ?? null)),
    fn('pick', '(map, ...string) -> map', (map: ValueMap, ...keys: string[]) =>
      filterKeys(map, new Set(keys), true),
    ),
    fn('omit', '(map, ...string) -> map', (map: ValueMap, ...keys: string[]) =>
      filterKeys(map, new Set(keys), false),
    ),
    ...aliases(['merge', 'mustMerge'], '(map, ...map) -> any', (target: ValueMap, ...sources: ValueMap[]) => {
      return mergeAll(target, sources, false);
    }),
    ...aliases(
      ['mergeOverwrite', 'mustMergeOverwrite'],
      '(map, ...map) -> any',
      (target: ValueMap, ...sources: ValueMap[]) => {
        return mergeAll(target, sources, true);
      },
    ),
    ...aliases(['deepCopy', 'mustDeepCopy'], '(any) -> any', copyWhole),
    fn('dig', '(...any) -> any', (...path: Value[]) => dig(path)),
  ];
}

function dict(pairs: readonly Value[], mode: NumberMode): ValueMap {
  const map = createMap();
  for (let i = 0; i < pairs.length; i += 2) {
    setKey(map, formatValue(pairs[i], mode), i + 1 < pairs.length ? pairs[i + 1] : '');
  }
  return map;
}

function missing(map: ValueMap, key: string): Value {
  return Object.hasOwn(map, key) ? null : '';
}

function filterKeys(map: ValueMap, keys: ReadonlySet<string>, keeps: boolean): ValueMap {
  return createMap(
    Object.keys(map)
      .filter((key) => keys.has(key) === keeps)
      .map((key) => [key, map[key] ?? null] as const),
  );
}

/** Merges into the first map itself, or into a copy where it cannot be changed. */
function mergeAll(first: ValueMap, sources: readonly ValueMap[], overwrites: boolean): ValueMap {
  const target = Object.isFrozen(first) ? createMap(Object.entries(first)) : first;
  for (const source of sources) mergeInto(target, source, overwrites);
  return target;
}

/** Empty values of the target count as unset; maps are merged, lists are replaced. */
function mergeInto(target: ValueMap, source: ValueMap, overwrites: boolean, depth = 0): void {
  if (depth > MAX_DEPTH) throw new Error('maps nest too deeply to merge');
  for (const key of Object.keys(source)) {
    spend(16);
    const value = source[key] ?? null;
    const current = getKey(target, key);
    if (isMap(value) && isMap(current)) mergeInto(current, value, overwrites, depth + 1);
    if (replaces(current, value, overwrites)) setKey(target, key, value);
  }
}

/** Whether a merge puts the new value in the place of the current one. */
function replaces(current: Value, value: Value, overwrites: boolean): boolean {
  if (value === null) return overwrites;
  if (!isTrue(current)) return true;
  return overwrites && !isMap(value);
}

function copyWhole(value: Value): Value {
  if (value === null) throw new Error('reflect: call of reflect.Value.Type on zero Value');
  return deepCopy(value);
}

function deepCopy(value: Value, walk: Walk = startWalk()): Value {
  if (Array.isArray(value)) {
    const copies = walkInto(walk, () => value.map((item) => deepCopy(item, walk)));
    return withElementType(copies, elementType(value));
  }
  if (!isMap(value)) return value;
  const entries = Object.keys(value).map(
    (key) => [key, walkInto(walk, () => deepCopy(value[key], walk))] as const,
  );
  return withElementType(createMap(entries), elementType(value));
}

/** Follows keys into nested maps; the two last arguments are the default and the map. */
function dig(path: readonly Value[]): Value {
  if (path.length < 3) throw new Error('dig needs at least three arguments');
  const fallback = path.at(-2);
  let current: Value = anyMap(path.at(-1));
  const keys = path.slice(0, -2).map((key) => {
    if (typeof key !== 'string') throw badConversion(key, 'string');
    return key;
  });
  for (const key of keys) {
    const map = anyMap(current);
    if (!Object.hasOwn(map, key)) return fallback;
    current = map[key] ?? null;
  }
  return current;
}

/** The value as a map of any values: one of texts alone is another type. */
function anyMap(value: Value): ValueMap {
  if (isMap(value) && elementType(value) === 'interface {}') return value;
  throw badConversion(value, 'map[string]interface {}');
}

function badConversion(value: Value, wanted: string): Error {
  const found = value === null || value === undefined ? 'nil' : typeName(value);
  return new Error(`interface conversion: interface {} is ${found}, not ${wanted}`);
}
