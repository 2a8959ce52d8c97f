import { setOwn } from '../../lib/json.ts';
import { GoComplex, GoInt } from './go-number.ts';
import { GoObject } from './go-object.ts';
import { spend } from './meter.ts';

/** What an entry of a new map is counted as. */
const ENTRY_UNITS = 16;

/**
 * What a template computes with. Plain JSON values are themselves: a JSON number is a float64, integers
 * beyond 2^53 are bigint. Go's own integers are GoInt, its times and versions GoObjects. `null` is Go's nil,
 * `undefined` is "no value".
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | GoInt
  | GoComplex
  | GoObject
  | readonly Value[]
  | ValueMap;

/** A map with string keys. Keys are data: read own properties only. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** How JSON numbers behave: `exact` as written, `go` as Go's float64, `int64` as float64 beside converted ints. */
export type NumberMode = 'exact' | 'go' | 'int64';

/** The Go element type of lists and maps that are not `interface {}`, as `splitList` and `until` return them. */
const elementTypes = new WeakMap<object, string>();

/** Marks a list or map with its Go element type, such as `string`; seen by typeOf, printf and index. */
export function withElementType<T extends readonly Value[] | ValueMap>(value: T, type: string): T {
  if (type !== 'interface {}') elementTypes.set(value, type);
  return value;
}

/** The Go element type of a list or map: `interface {}` unless it was marked. */
export function elementType(value: object): string {
  return elementTypes.get(value) ?? 'interface {}';
}

/** Lists that Go calls nil: empty ones that JSON writes as null. */
const nilLists = new WeakSet<object>();

/** An empty list that is nil in Go, as `rest` of an empty list and `concat` of nothing are. */
export function nilList(type = 'interface {}'): readonly Value[] {
  const list = withElementType([], type);
  nilLists.add(list);
  return list;
}

/** Whether a value is nil, or a list that Go calls nil. */
export function isNil(value: Value): boolean {
  if (value === null || value === undefined) return true;
  return Array.isArray(value) && value.length === 0 && nilLists.has(value);
}

/** Tells maps from every other value. */
export function isMap(value: unknown): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof GoInt) &&
    !(value instanceof GoComplex) &&
    !(value instanceof GoObject)
  );
}

/** Tells lists from every other value. */
export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** Tells JSON numbers, the float64 of Go, from every other value. */
export function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The name of the Go type of a value, as Go's error texts and typeOf print it. */
export function typeName(value: Value): string {
  if (value === null || value === undefined) return 'interface {}';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'float64';
  }
  if (value instanceof GoInt) return value.kind;
  if (value instanceof GoComplex) return 'complex128';
  if (value instanceof GoObject) return value.typeName;
  if (isList(value)) return `[]${elementType(value)}`;
  return `map[string]${elementType(value)}`;
}

/** The name of the Go kind of a value, as kindOf and Sprig's messages print it. */
export function kindName(value: Value): string {
  if (value === null || value === undefined) return 'invalid';
  if (isList(value)) return 'slice';
  if (isMap(value)) return 'map';
  if (value instanceof GoObject) return value.kind;
  return typeName(value);
}

/** Sets a key that may be any string, `__proto__` too, as an own property. */
export function setKey(map: ValueMap, key: string, value: Value): void {
  setOwn(map as Record<string, Value>, key, value);
}

/** The value of a map's own key; undefined when it has none, null when it holds nil. */
export function getKey(map: ValueMap, key: string): Value {
  return Object.hasOwn(map, key) ? (map[key] ?? null) : undefined;
}

/** A new map without a prototype, from keys and values. */
export function createMap(entries: Iterable<readonly [string, Value]> = []): ValueMap {
  const map: ValueMap = Object.create(null);
  for (const [key, value] of entries) {
    spend(ENTRY_UNITS);
    setKey(map, key, value);
  }
  return map;
}
