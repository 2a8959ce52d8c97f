import { formatPlain, formatShortest } from './format-float.ts';
import { GoComplex, GoInt } from './go-number.ts';
import { sortedKeys } from './sorted-keys.ts';
import type { NumberMode, Value, ValueMap } from './value.ts';
import { startWalk, type Walk, walkInto } from './walk.ts';

/** The longest text that print makes, in characters. */
const MAX_TEXT = 16 * 1024 * 1024;

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
    if (text.length > MAX_TEXT) throw new Error(`result is larger than ${MAX_TEXT} characters`);
  });
  return text;
}

function formatList(list: readonly Value[], mode: NumberMode, walk: Walk): string {
  return `[${list.map((item) => formatValue(item, mode, walk)).join(' ')}]`;
}

function formatMap(map: ValueMap, mode: NumberMode, walk: Walk): string {
  const entries = sortedKeys(map).map((key) => `${key}:${formatValue(map[key], mode, walk)}`);
  return `map[${entries.join(' ')}]`;
}

function formatComplex({ re, im }: GoComplex): string {
  const imaginary = formatShortest(im);
  return `(${formatShortest(re)}${/^[+-]/.test(imaginary) ? '' : '+'}${imaginary}i)`;
}
