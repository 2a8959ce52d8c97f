import { formatPlain, formatShortest } from './format-float.ts';
import { GoComplex, GoInt } from './go-number.ts';
import { GoObject } from './go-object.ts';
import { LimitFault, spend } from './meter.ts';
import { sortedKeys } from './sorted-keys.ts';
import type { NumberMode, Value, ValueMap } from './value.ts';
import { countText, MAX_CHARACTERS, startWalk, type Walk, walkInto } from './walk.ts';

/** The %v of a JSON number under a number mode. */
function formatNumber(value: number | bigint, mode: NumberMode): string {
  if (mode === 'exact') return formatPlain(value);
  return formatShortest(Number(value));
}

/** Gives Go's %v of any value under a number mode; nil prints as `<nil>`. */
export function formatValue(value: Value, mode: NumberMode, walk?: Walk): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
      return formatNumber(value, mode);
    case 'boolean':
      return value ? 'true' : 'false';
  }
  if (value === null || value === undefined) return '<nil>';
  if (value instanceof GoInt) return value.toString();
  if (value instanceof GoComplex) return formatComplex(value);
  if (value instanceof GoObject) return value.toString();
  const inner = walk ?? startWalk();
  return walkInto(inner, () => {
    return Array.isArray(value) ? formatList(value, mode, inner) : formatMap(value as ValueMap, mode, inner);
  });
}

/** Go's Sprint: a space between two operands when neither is a string. */
export function sprint(values: readonly Value[], mode: NumberMode): string {
  let text = '';
  values.forEach((value, i) => {
    const isText = typeof value === 'string';
    if (i > 0 && !isText && typeof values[i - 1] !== 'string') text += ' ';
    text += formatValue(value, mode);
    spend(text.length);
    if (text.length > MAX_CHARACTERS)
      throw new LimitFault(`result is larger than ${MAX_CHARACTERS} characters`);
  });
  return text;
}

function formatList(list: readonly Value[], mode: NumberMode, walk: Walk): string {
  return `[${list.map((item) => formatItem(item, mode, walk)).join(' ')}]`;
}

/** An item of a list or map; those that hold others have counted themselves. */
function formatItem(item: Value, mode: NumberMode, walk: Walk): string {
  const text = formatValue(item, mode, walk);
  return typeof item === 'object' ? text : countText(walk, text);
}

function formatMap(map: ValueMap, mode: NumberMode, walk: Walk): string {
  const entries = sortedKeys(map).map((key) => `${countText(walk, key)}:${formatItem(map[key], mode, walk)}`);
  return `map[${entries.join(' ')}]`;
}

function formatComplex({ re, im }: GoComplex): string {
  const imaginary = formatShortest(im);
  return `(${formatShortest(re)}${/^[+-]/.test(imaginary) ? '' : '+'}${imaginary}i)`;
}
