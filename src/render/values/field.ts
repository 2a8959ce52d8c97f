import { GoComplex, GoInt } from './go-number.ts';
import { GoObject } from './go-object.ts';
import { readMember } from './object-member.ts';
import { formatGoSyntax } from './printf.ts';
import { TemplateFault } from './template-fault.ts';
import { elementType, isMap, typeName, type Value, type ValueMap } from './value.ts';

export { TemplateFault } from './template-fault.ts';

/** What a map without the key gives: an error, no value, or the zero value of its elements. */
export type MissingKey = 'default' | 'zero' | 'error';

/** The map or list that a value came out of; true for any map, false for none. Go's error texts tell them apart. */
type Source = Value;

/** Reads one field of a value. */
export type ReadField = (value: Value, name: string, source: Source) => Value;

/** Gives the field reader of a missingkey mode: maps by own key only, nil and other types refused as Go does. */
export function fieldReader(missingKey: MissingKey): ReadField {
  if (missingKey === 'error') return readStrict;
  return missingKey === 'zero' ? readZero : readLoose;
}

function readStrict(value: Value, name: string, source: Source): Value {
  if (isFieldMap(value)) {
    if (Object.hasOwn(value, name)) return value[name] ?? null;
    throw new TemplateFault(`map has no entry for key ${formatGoSyntax(name)}`);
  }
  if (value === undefined) throw new TemplateFault(`nil data; no entry for key ${formatGoSyntax(name)}`);
  return readOther(value, name, source);
}

function readLoose(value: Value, name: string, source: Source): Value {
  if (isFieldMap(value)) return Object.hasOwn(value, name) ? (value[name] ?? null) : undefined;
  return value === undefined ? undefined : readOther(value, name, source);
}

function readZero(value: Value, name: string, source: Source): Value {
  if (isFieldMap(value)) return Object.hasOwn(value, name) ? (value[name] ?? null) : zeroElement(value);
  return value === undefined ? undefined : readOther(value, name, source);
}

/** The zero value of a map's or list's elements. */
export function zeroElement(value: object): Value {
  return elementType(value) === 'string' ? '' : null;
}

function isFieldMap(value: Value): value is Record<string, Value> {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || value instanceof GoObject) return false;
  return !(value instanceof GoInt) && !(value instanceof GoComplex);
}

function isContainer(source: Source): source is readonly Value[] | ValueMap {
  return Array.isArray(source) || isMap(source);
}

/** Times and versions have methods; what is no map and has none is refused. */
function readOther(value: Value, name: string, source: Source): Value {
  if (value instanceof GoObject) return readMember(value, name, { type: shownType(value, source) });
  if (value === null) throw new TemplateFault(`nil pointer evaluating interface {}.${name}`);
  throw new TemplateFault(`can't evaluate field ${name} in type ${shownType(value, source)}`);
}

/** The type that Go's error texts give a value, which for an item of a map or list is that of all items. */
export function shownType(value: Value, source: Source): string {
  const isAny = source === true || (isContainer(source) && elementType(source) === 'interface {}');
  return isAny ? 'interface {}' : typeName(value);
}
