import { GO_TYPE, type ParamType } from '../functions/signature.ts';
import { TemplateFault } from '../values/field.ts';
import { GoInt } from '../values/go-number.ts';
import { elementType, isMap, type NumberMode, nilList, typeName, type Value } from '../values/value.ts';

/** Turns an argument into what a parameter of one type takes, or refuses it with Go's words. */
export type Convert = (value: Value) => Value;

/** The converters of a number mode; under exact numbers any whole number is an int and any number a float64. */
export function argumentConverters(mode: NumberMode): Readonly<Record<ParamType, Convert>> {
  const isExact = mode === 'exact';
  return {
    any: (value) => value ?? null,
    string: (value) => (typeof value === 'string' ? value : refuse(value, 'string')),
    bool: (value) => (typeof value === 'boolean' ? value : refuse(value, 'bool')),
    int: (value) => toInt(value, 'int', isExact),
    int64: (value) => toInt(value, 'int64', isExact),
    float64: (value) => toFloat(value, isExact),
    map: (value) =>
      isMap(value) && elementType(value) === 'interface {}' ? value : refuseUnlessNil(value, 'map'),
    list: (value) => (Array.isArray(value) ? value : refuseUnlessNil(value, 'list')),
  };
}

function toInt(value: Value, type: 'int' | 'int64', isExact: boolean): number {
  if (value instanceof GoInt && (value.kind === type || isExact)) return value.number;
  if (isExact && typeof value === 'number' && Number.isSafeInteger(value)) return value;
  return refuse(value, type);
}

function toFloat(value: Value, isExact: boolean): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return isExact && value instanceof GoInt ? value.number : refuse(value, 'float64');
}

/** Go passes nil as an empty map or list. */
function refuseUnlessNil(value: Value, type: 'map' | 'list'): Value {
  if (value === undefined) return type === 'map' ? Object.freeze(Object.create(null)) : nilList();
  return refuse(value, type);
}

function refuse(value: Value, type: ParamType): never {
  if (value === undefined) throw new TemplateFault(`invalid value; expected ${GO_TYPE[type]}`);
  throw new TemplateFault(`wrong type for value; expected ${GO_TYPE[type]}; got ${typeName(value)}`);
}
