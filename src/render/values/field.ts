import { GoComplex, GoInt } from './go-number.ts';
import { formatGoSyntax } from './printf.ts';
import { elementType, typeName, type Value } from './value.ts';

/** A failure that is the template's own, with Go's words; it needs no "error calling". */
export class TemplateFault extends Error {}

/** What a map without the key gives: an error, no value, or the zero value of its elements. */
export type MissingKey = 'default' | 'zero' | 'error';

/** Reads one field of a value; `isItem` when the value came out of a map or list, which Go's error texts tell. */
export type ReadField = (value: Value, name: string, isItem: boolean) => Value;

/** Gives the field reader of a missingkey mode: maps by own key only, nil and other types refused as Go does. */
export function fieldReader(missingKey: MissingKey): ReadField {
  if (missingKey === 'error') return readStrict;
  return missingKey === 'zero' ? readZero : readLoose;
}

function readStrict(value: Value, name: string, isItem: boolean): Value {
  if (isFieldMap(value)) {
    if (Object.hasOwn(value, name)) return value[name] ?? null;
    throw new TemplateFault(`map has no entry for key ${formatGoSyntax(name)}`);
  }
  if (value === undefined) throw new TemplateFault(`nil data; no entry for key ${formatGoSyntax(name)}`);
  return refuse(value, name, isItem);
}

function readLoose(value: Value, name: string, isItem: boolean): Value {
  if (isFieldMap(value)) return Object.hasOwn(value, name) ? (value[name] ?? null) : undefined;
  return value === undefined ? undefined : refuse(value, name, isItem);
}

function readZero(value: Value, name: string, isItem: boolean): Value {
  if (isFieldMap(value)) return Object.hasOwn(value, name) ? (value[name] ?? null) : zeroElement(value);
  return value === undefined ? undefined : refuse(value, name, isItem);
}

/** The zero value of a map's or list's elements. */
export function zeroElement(value: object): Value {
  return elementType(value) === 'string' ? '' : null;
}

function isFieldMap(value: Value): value is Record<string, Value> {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) && !(value instanceof GoInt) && !(value instanceof GoComplex);
}

function refuse(value: Value, name: string, isItem: boolean): never {
  if (value === null) throw new TemplateFault(`nil pointer evaluating interface {}.${name}`);
  throw new TemplateFault(
    `can't evaluate field ${name} in type ${isItem ? 'interface {}' : typeName(value)}`,
  );
}
