import { fieldReader, type MissingKey, type ReadField, TemplateFault } from '../../values/field.ts';
import { GoInt, goInt } from '../../values/go-number.ts';
import { typeName, type Value } from '../../values/value.ts';
import { quote } from './template-source.ts';

/** Positions are written as in JavaScript, without zeros in front. */
const POSITION = /^(?:0|[1-9]\d{0,8})$/;

/** Gives the reader of a path's parts: keys of maps, positions of lists, and how long a list is. */
export function pathReader(missingKey: MissingKey): ReadField {
  const readField = fieldReader(missingKey);
  return (value, name, isItem) => {
    if (Array.isArray(value)) return readItem(value, name, missingKey);
    if (value === null || isScalar(value))
      throw new TemplateFault(`${describe(value)} has no key ${quoted(name)}${adviseOnText(value, name)}`);
    return readField(value, name, isItem);
  };
}

/** Other properties of lists than positions and the length do not exist. */
function readItem(list: readonly Value[], name: string, missingKey: MissingKey): Value {
  if (name === 'length') return goInt(list.length);
  if (!POSITION.test(name)) throw new TemplateFault(`a list has no key ${quoted(name)}`);
  const at = Number(name);
  if (at < list.length) return list[at] ?? null;
  if (missingKey !== 'error') return undefined;
  throw new TemplateFault(`the list has no item ${at}: its length is ${list.length}`);
}

/** Whether a value has neither keys nor items; times and versions have methods. */
function isScalar(value: Value): boolean {
  return value !== undefined && (typeof value !== 'object' || value instanceof GoInt);
}

/** What Handlebars reads of strings has functions here. */
function adviseOnText(value: Value, name: string): string {
  if (typeof value !== 'string') return '';
  if (name === 'length') return ': write (len ...)';
  return POSITION.test(name) ? `: write (substr ${name} ${Number(name) + 1} ...)` : '';
}

function describe(value: Value): string {
  return value === null ? 'null' : `a ${typeName(value)}`;
}

function quoted(name: string): string {
  return JSON.stringify(quote(name));
}
