import { GO_TYPE, type ParamType } from '../functions/signature.ts';
import { spendText } from '../functions/size.ts';
import { GoCertificate } from '../values/certificate.ts';
import { Duration } from '../values/duration.ts';
import { TemplateFault } from '../values/field.ts';
import { GoInt } from '../values/go-number.ts';
import { GoObject } from '../values/go-object.ts';
import { Time } from '../values/time.ts';
import { elementType, isMap, type NumberMode, nilList, typeName, type Value } from '../values/value.ts';

/** Texts shorter than this are not worth counting. */
const LONG_TEXT = 256;

/** Turns an argument into what a parameter of one type takes, or refuses it with Go's words. */
export type Convert = (value: Value) => Value;

/**
 * The converters of a number mode. Under exact numbers any whole number is an int and any number a float64, and a
 * refusal also says what to write.
 */
export function argumentConverters(mode: NumberMode): Readonly<Record<ParamType, Convert>> {
  const isExact = mode === 'exact';
  return {
    any: (value) => value ?? null,
    string: (value) => toText(value, isExact),
    bool: (value) => (typeof value === 'boolean' ? value : refuse(value, 'bool')),
    int: (value) => toInt(value, 'int', isExact),
    int64: (value) => toInt(value, 'int64', isExact),
    uint32: (value) => toUint32(value, isExact),
    float64: (value) => toFloat(value, isExact),
    map: (value) =>
      isMap(value) && elementType(value) === 'interface {}' ? value : refuseUnlessNil(value, 'map'),
    list: (value) => (Array.isArray(value) ? value : refuseUnlessNil(value, 'list')),
    time: (value) => (value instanceof Time ? value : refuse(value, 'time', isExact)),
    duration: (value) => (value instanceof Duration ? value : refuse(value, 'duration')),
    location: (value) => toPointer(value, 'location'),
    version: (value) => toPointer(value, 'version'),
    certificate: (value) => (value instanceof GoCertificate ? value : refuse(value, 'certificate')),
  };
}

/** Long texts cost what they are long, whatever the function does with them. */
function toText(value: Value, isExact: boolean): string {
  if (typeof value !== 'string') return refuse(value, 'string', isExact);
  if (value.length >= LONG_TEXT) spendText(value);
  return value;
}

function toInt(value: Value, type: 'int' | 'int64', isExact: boolean): number {
  if (value instanceof GoInt && (value.kind === type || isExact)) return value.number;
  if (isExact && typeof value === 'number' && Number.isSafeInteger(value)) return value;
  return refuse(value, type, isExact);
}

/** No value of a template is a uint32 in Go: only a literal can be one, or any whole number under exact numbers. */
function toUint32(value: Value, isExact: boolean): number {
  const number = value instanceof GoInt ? value.number : value;
  const isUint = typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 32;
  return isExact && isUint ? number : refuse(value, 'uint32', isExact);
}

function toFloat(value: Value, isExact: boolean): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return isExact && value instanceof GoInt ? value.number : refuse(value, 'float64', isExact);
}

/** A pointer, which may be nil. */
function toPointer(value: Value, type: 'location' | 'version'): Value {
  if (value === undefined) return null;
  return value instanceof GoObject && value.typeName === GO_TYPE[type] ? value : refuse(value, type);
}

/** Go passes nil as an empty map or list. */
function refuseUnlessNil(value: Value, type: 'map' | 'list'): Value {
  if (value === undefined) return type === 'map' ? Object.freeze(Object.create(null)) : nilList();
  return refuse(value, type);
}

function refuse(value: Value, type: ParamType, hasCure = false): never {
  if (value === undefined) throw new TemplateFault(`invalid value; expected ${GO_TYPE[type]}`);
  const cure = hasCure ? cureFor(value, type) : undefined;
  const reason = `wrong type for value; expected ${GO_TYPE[type]}; got ${typeName(value)}`;
  throw new TemplateFault(cure === undefined ? reason : `${reason}: ${cure}`);
}

/** What makes a value of this type out of the other; undefined where nothing does for certain. */
function cureFor(value: Value, type: ParamType): string | undefined {
  if (type === 'string') return isScalar(value) ? 'write toString first' : undefined;
  const isText = typeof value === 'string';
  if (type === 'time') return isText ? 'read it with toDate "2006-01-02"' : undefined;
  const isFraction = typeof value === 'number' && !Number.isInteger(value);
  return isText || isFraction ? `write ${type === 'float64' ? 'float64' : 'int'} first` : undefined;
}

function isScalar(value: Value): boolean {
  return value !== null && !Array.isArray(value) && !isMap(value);
}
