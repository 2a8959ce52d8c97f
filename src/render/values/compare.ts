import { formatValue } from './format-value.ts';
import { GoComplex, GoInt, goInt } from './go-number.ts';
import { GoObject } from './go-object.ts';
import { spend } from './meter.ts';
import { formatPrintf } from './printf.ts';
import { clipQuoted } from './quote.ts';
import { compareBytes } from './sorted-keys.ts';
import { isNil, isNumber, type NumberMode, typeName, type Value, type ValueMap } from './value.ts';
import { startWalk, type Walk, walkInto } from './walk.ts';

type BasicKind = 'bool' | 'complex' | 'int' | 'uint' | 'float' | 'string' | 'none';

/** Texts longer than this are counted when they are compared. */
const LONG_TEXT = 256;

type AnyObject = NonNullable<Value> & object;

const BAD_TYPE = 'invalid type for comparison';
const BAD_PAIR = 'incompatible types for comparison';

/** Go's eq: whether the first value equals any of the others; basic kinds must agree. */
export function equalsAny(mode: NumberMode, first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.some((other) => equals(mode, first, other));
}

/** Go's lt on two values of one basic kind. */
export function isLess(mode: NumberMode, a: Value, b: Value): boolean {
  const kind = commonKind(mode, a, b);
  if (kind === undefined)
    throw new Error(basicKind(a) === 'none' || basicKind(b) === 'none' ? BAD_TYPE : BAD_PAIR);
  if (kind === 'string') return compareBytes(a as string, b as string) < 0;
  if (kind === 'int' || kind === 'float') return numeric(a) < numeric(b);
  throw new Error(BAD_TYPE);
}

/** Go's le: less or equal. */
export function isLessOrEqual(mode: NumberMode, a: Value, b: Value): boolean {
  return isLess(mode, a, b) || equals(mode, a, b);
}

/** Go's reflect.DeepEqual on template values; under exact numbers all kinds of numbers are one. */
export function deepEqual(mode: NumberMode, a: Value, b: Value, walk: Walk = startWalk()): boolean {
  if (a === null || a === undefined) return b === null || b === undefined;
  if (b === null || b === undefined) return false;
  if (isOneNumber(mode, a)) return isOneNumber(mode, b) && numeric(a) === numeric(b);
  if (typeof a === 'string' && a.length > LONG_TEXT) spend(a.length >> 3);
  if (typeof a !== 'object') return a === b;
  if (typeof b !== 'object' || typeName(a) !== typeName(b)) return false;
  return a === b || equalObjects(mode, a, b, walk);
}

/** Whether a value compares as a number: under exact numbers Go's integers do too. */
function isOneNumber(mode: NumberMode, value: Value): boolean {
  return isNumber(value) || (mode === 'exact' && value instanceof GoInt);
}

/** Two values of one type that is no basic one of JavaScript. */
function equalObjects(mode: NumberMode, a: AnyObject, b: AnyObject, walk: Walk): boolean {
  if (a instanceof GoInt) return a.n === (b as GoInt).n;
  if (a instanceof GoComplex) return a.re === (b as GoComplex).re && a.im === (b as GoComplex).im;
  if (a instanceof GoObject) return a.isDeepEqual(b as GoObject);
  if (isNil(a) !== isNil(b)) return false;
  return walkInto(walk, () => {
    if (Array.isArray(a)) return equalLists(mode, a, b as readonly Value[], walk);
    return equalMaps(mode, a as ValueMap, b as ValueMap, walk);
  });
}

function equals(mode: NumberMode, a: Value, b: Value): boolean {
  const kind = commonKind(mode, a, b);
  if (kind === undefined) {
    if (a !== null && a !== undefined && b !== null && b !== undefined) throw new Error(BAD_PAIR);
    return false;
  }
  if (kind === 'int' || kind === 'float') return numeric(a) === numeric(b);
  if (kind === 'complex') return deepEqual(mode, a, b);
  if (kind === 'none') return equalOthers(mode, a, b);
  return a === b;
}

function equalOthers(mode: NumberMode, a: Value, b: Value): boolean {
  const shown = (text: string) => (mode === 'exact' ? clipQuoted(text) : text);
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b);
  if (a instanceof GoObject && b instanceof GoObject) return a.isIdentical(b);
  if (Array.isArray(a) !== Array.isArray(b)) {
    const [text, other] = [formatPrintf('%s', [a], mode), formatValue(b, mode)].map(shown);
    throw new Error(`non-comparable types ${text}: ${typeName(a)}, ${typeName(b)}: ${other}`);
  }
  throw new Error(`non-comparable type ${shown(formatPrintf('%s', [b], mode))}: ${typeName(b)}`);
}

/** The kind that two values share; a JSON number and a Go integer share one under exact numbers only. */
function commonKind(mode: NumberMode, a: Value, b: Value): BasicKind | undefined {
  const [x, y] = [basicKind(a), basicKind(b)];
  const areInts = (x === 'int' || x === 'uint') && (y === 'int' || y === 'uint');
  if (areInts) return 'int';
  if (x === y) return x;
  const areNumbers = [x, y].every((kind) => kind === 'int' || kind === 'uint' || kind === 'float');
  return mode === 'exact' && areNumbers ? 'float' : undefined;
}

function basicKind(value: Value): BasicKind {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'number':
    case 'bigint':
      return 'float';
  }
  if (value instanceof GoInt) return value.kind.startsWith('uint') ? 'uint' : 'int';
  if (value instanceof GoObject) return value.integer === undefined ? 'none' : 'int';
  return value instanceof GoComplex ? 'complex' : 'none';
}

/** Numbers and bigints compare exactly with each other once equal integers have one form. */
function numeric(value: Value): number | bigint {
  if (value instanceof GoObject) return goInt(value.integer as bigint).n;
  const n = value instanceof GoInt ? value.n : (value as number | bigint);
  return typeof n === 'number' && Number.isInteger(n) && !Number.isSafeInteger(n) ? BigInt(n) : n;
}

function equalLists(mode: NumberMode, a: readonly Value[], b: readonly Value[], walk: Walk): boolean {
  spend(a.length);
  return a.length === b.length && a.every((item, i) => deepEqual(mode, item, b[i], walk));
}

function equalMaps(mode: NumberMode, a: ValueMap, b: ValueMap, walk: Walk): boolean {
  const keys = Object.keys(a);
  spend(keys.length * 4);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && deepEqual(mode, a[key], b[key], walk));
}
