import { byteAt, byteLength, sliceBytes } from '../values/byte-string.ts';
import { equalsAny, isLess, isLessOrEqual } from '../values/compare.ts';
import { zeroElement } from '../values/field.ts';
import { sprint } from '../values/format-value.ts';
import { GoInt, goInt } from '../values/go-number.ts';
import { GoObject } from '../values/go-object.ts';
import { spend } from '../values/meter.ts';
import { formatPrintf } from '../values/printf.ts';
import { isTrue } from '../values/truth.ts';
import { getKey, isMap, type NumberMode, typeName, type Value, type ValueMap } from '../values/value.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escapes.ts';
import { type FunctionDef, fn } from './function-def.ts';

/** The functions that every Go template has. */
export function builtinFunctions(mode: NumberMode): FunctionDef[] {
  const text = (args: readonly Value[]) => printArguments(args, mode);
  return [
    { ...fn('and', '(any, ...any) -> any', (value: Value) => value), isLazy: true },
    { ...fn('or', '(any, ...any) -> any', (value: Value) => value), isLazy: true },
    fn('not', '(any) -> bool', (value: Value) => !isTrue(value)),
    fn('eq', '(any, ...any) -> bool', (first: Value, ...rest: Value[]) => equalsAny(mode, first, rest)),
    fn('ne', '(any, any) -> bool', (a: Value, b: Value) => !equalsAny(mode, a, [b])),
    fn('lt', '(any, any) -> bool', (a: Value, b: Value) => isLess(mode, a, b)),
    fn('le', '(any, any) -> bool', (a: Value, b: Value) => isLessOrEqual(mode, a, b)),
    fn('gt', '(any, any) -> bool', (a: Value, b: Value) => !isLessOrEqual(mode, a, b)),
    fn('ge', '(any, any) -> bool', (a: Value, b: Value) => !isLess(mode, a, b)),
    fn('index', '(any, ...any) -> any', (item: Value, ...keys: Value[]) => index(item, keys, mode)),
    fn('slice', '(any, ...any) -> any', (item: Value, ...bounds: Value[]) => slice(item, bounds, mode)),
    fn('len', '(any) -> int', length),
    fn('call', '(any, ...any) -> any', call),
    fn('print', '(...any) -> string', (...args: Value[]) => sprint(args, mode)),
    fn('println', '(...any) -> string', (...args: Value[]) => println(args, mode)),
    fn('printf', '(string, ...any) -> string', (format: string, ...args: Value[]) =>
      formatPrintf(format, args, mode),
    ),
    fn('html', '(...any) -> string', (...args: Value[]) => escapeHtml(text(args))),
    fn('js', '(...any) -> string', (...args: Value[]) => escapeJs(text(args))),
    fn('urlquery', '(...any) -> string', (...args: Value[]) => escapeQuery(text(args))),
  ];
}

/** The item at each key in turn: of a map, a list, or a byte of a string. */
function index(start: Value, keys: readonly Value[], mode: NumberMode): Value {
  if (start === null) throw new Error('index of untyped nil');
  let item: Value = start;
  for (const key of keys) item = indexOne(item, key, mode);
  return item;
}

function indexOne(item: Value, key: Value, mode: NumberMode): Value {
  if (item === null || item === undefined) throw new Error('index of nil pointer');
  if (Array.isArray(item)) {
    const at = position(key, item.length, mode);
    if (at === item.length) throw new Error(`reflect: slice index out of range`);
    return item[at] ?? null;
  }
  if (typeof item === 'string') {
    const length = byteLength(item);
    const at = position(key, length, mode);
    if (at === length) throw new Error('reflect: string index out of range');
    return goInt(byteAt(item, at), 'uint8');
  }
  if (!isMap(item)) throw new Error(`can't index item of type ${elementName(item)}`);
  if (typeof key !== 'string') throw new Error(describeBadKey(key));
  const value = getKey(item, key);
  return value === undefined ? zeroElement(item) : value;
}

function describeBadKey(key: Value): string {
  if (key === null || key === undefined) return 'value is nil; should be of type string';
  return `value has type ${typeName(key)}; should be string`;
}

/** An index as a number from 0 to the length, both included. */
function position(key: Value, length: number, mode: NumberMode): number {
  const at = wholeNumber(key, mode);
  if (at === undefined) {
    const type = key === null || key === undefined ? 'nil' : `type ${typeName(key)}`;
    throw new Error(`cannot index slice/array with ${type}`);
  }
  if (at < 0 || at > length) throw new Error(`index out of range: ${at}`);
  return Number(at);
}

function wholeNumber(key: Value, mode: NumberMode): number | bigint | undefined {
  if (key instanceof GoInt) return key.n;
  if (key instanceof GoObject) return key.integer;
  if (mode !== 'exact') return undefined;
  return typeof key === 'bigint' || (typeof key === 'number' && Number.isInteger(key)) ? key : undefined;
}

function slice(item: Value, bounds: readonly Value[], mode: NumberMode): Value {
  if (item === null) throw new Error('slice of untyped nil');
  if (bounds.length > 3) throw new Error(`too many slice indexes: ${bounds.length}`);
  const isText = typeof item === 'string';
  if (isText && bounds.length === 3) throw new Error('cannot 3-index slice a string');
  if (!isText && !Array.isArray(item)) throw new Error(`can't slice item of type ${typeName(item)}`);
  const length = isText ? byteLength(item) : item.length;
  const [start = 0, end = length, capacity] = bounds.map((bound) => position(bound, length, mode));
  if (start > end) throw new Error(`invalid slice index: ${start} > ${end}`);
  if (capacity !== undefined && end > capacity) throw new Error(`invalid slice index: ${end} > ${capacity}`);
  return isText ? sliceBytes(item, start, end) : item.slice(start, end);
}

function length(item: Value): Value {
  if (item === null || item === undefined) throw new Error('len of nil pointer');
  if (typeof item === 'string') return goInt(byteLength(item));
  if (Array.isArray(item)) return goInt(item.length);
  if (isMap(item)) return goInt(countKeys(item));
  throw new Error(`len of type ${elementName(item)}`);
}

function countKeys(map: ValueMap): number {
  const { length } = Object.keys(map);
  spend(length);
  return length;
}

/** The type of a value, or the one that it points to. */
function elementName(item: Value): string {
  return typeName(item).replace(/^\*/, '');
}

/** No value of a template is a function, so there is nothing to call. */
function call(value: Value): never {
  if (value === null) throw new Error('call of nil');
  throw new Error(`non-function of type ${typeName(value)}`);
}

function println(args: readonly Value[], mode: NumberMode): string {
  return `${args.map((arg) => sprint([arg], mode)).join(' ')}\n`;
}

/** The arguments of html, js and urlquery as one text. */
function printArguments(args: readonly Value[], mode: NumberMode): string {
  return sprint(
    args.map((arg) => (arg === null ? '<no value>' : arg)),
    mode,
  );
}
