import { deepEqual } from '../values/compare.ts';
import { formatValue } from '../values/format-value.ts';
import { compareBytes } from '../values/sorted-keys.ts';
import {
  elementType,
  kindName,
  type NumberMode,
  nilList,
  type Value,
  withElementType,
} from '../values/value.ts';
import { castInt } from './casts.ts';
import { aliases, type FunctionDef, fn } from './function-def.ts';
import { listItems, toTexts } from './list-items.ts';
import { checkItemCount } from './size.ts';

/** Comparing every item with every other is bounded by this many comparisons. */
const MAX_COMPARISONS = 10_000_000;

/** Sprig's functions on lists. None changes its argument. */
export function listFunctions(mode: NumberMode): FunctionDef[] {
  return [
    ...aliases(['list', 'tuple'], '(...any) -> list', (...items: Value[]) => items),
    ...aliases(
      ['first', 'mustFirst'],
      '(any) -> any',
      (list: Value) => listItems(list, 'find first on')[0] ?? null,
    ),
    ...aliases(
      ['last', 'mustLast'],
      '(any) -> any',
      (list: Value) => listItems(list, 'find last on').at(-1) ?? null,
    ),
    ...aliases(['rest', 'mustRest'], '(any) -> list', (list: Value) =>
      orNil(listItems(list, 'find rest on').slice(1), list),
    ),
    ...aliases(['initial', 'mustInitial'], '(any) -> list', (list: Value) => {
      return orNil(listItems(list, 'find initial on').slice(0, -1), list);
    }),
    ...aliases(
      ['append', 'push', 'mustAppend', 'mustPush'],
      '(any, any) -> list',
      (list: Value, item: Value) => {
        return concatItems([listItems(list, 'push on'), [item]]);
      },
    ),
    ...aliases(['prepend', 'mustPrepend'], '(any, any) -> list', (list: Value, item: Value) => {
      return concatItems([[item], listItems(list, 'prepend on')]);
    }),
    fn('concat', '(...any) -> list', (...lists: Value[]) => {
      const items = concatItems(lists.map(concatenable));
      return items.length === 0 ? nilList() : items;
    }),
    ...aliases(['reverse', 'mustReverse'], '(any) -> list', (list: Value) => {
      return [...listItems(list, 'find reverse on')].reverse();
    }),
    ...aliases(['uniq', 'mustUniq'], '(any) -> list', (list: Value) =>
      unique(listItems(list, 'find uniq on')),
    ),
    ...aliases(['without', 'mustWithout'], '(any, ...any) -> list', (list: Value, ...omitted: Value[]) => {
      return without(listItems(list, 'find without on'), omitted);
    }),
    ...aliases(['has', 'mustHas'], '(any, any) -> bool', has),
    ...aliases(['slice', 'mustSlice'], '(any, ...any) -> any', slice),
    ...aliases(['chunk', 'mustChunk'], '(int, any) -> list', chunk),
    fn('sortAlpha', '(any) -> list', (list: Value) => {
      const texts = Array.isArray(list) ? toTexts(list, mode) : [formatValue(list, mode)];
      return withElementType(texts.sort(compareBytes), 'string');
    }),
  ];
}

/** What is left of a list; nil when there was nothing to begin with. */
function orNil(rest: readonly Value[], list: Value): readonly Value[] {
  return Array.isArray(list) && list.length === 0 ? nilList() : rest;
}

function concatenable(list: Value): readonly Value[] {
  if (Array.isArray(list)) return list;
  if (list === null || list === undefined) return listItems(list, 'concat');
  throw new Error(`Cannot concat type ${kindName(list)} as list`);
}

function concatItems(lists: readonly (readonly Value[])[]): readonly Value[] {
  checkItemCount(lists.reduce((sum, list) => sum + list.length, 0));
  return lists.flat(1) as Value[];
}

function unique(items: readonly Value[]): readonly Value[] {
  const seen: Value[] = [];
  let comparisons = 0;
  for (const item of items) {
    comparisons += seen.length;
    if (comparisons > MAX_COMPARISONS)
      throw new Error(`list of ${items.length} items is too long to compare`);
    if (!seen.some((other) => deepEqual(other, item))) seen.push(item);
  }
  return seen;
}

function without(items: readonly Value[], omitted: readonly Value[]): readonly Value[] {
  return items.filter((item) => !omitted.some((other) => deepEqual(other, item)));
}

function has(needle: Value, list: Value): boolean {
  if (list === null || list === undefined) return false;
  return listItems(list, 'find has on').some((item) => deepEqual(needle, item));
}

function slice(list: Value, ...bounds: Value[]): Value {
  if (!Array.isArray(list)) {
    if (list === null || list === undefined) return listItems(list, 'slice');
    throw new Error(`list should be type of slice or array but ${kindName(list)}`);
  }
  if (list.length === 0) return null;
  const start = bounds.length > 0 ? Number(castInt(bounds[0])) : 0;
  const end = bounds.length > 1 ? Number(castInt(bounds[1])) : list.length;
  if (start < 0 || end < start || end > list.length)
    throw new Error('reflect.Value.Slice: slice index out of bounds');
  return withElementType(list.slice(start, end), elementType(list));
}

function chunk(size: number, list: Value): readonly Value[] {
  const items = listItems(list, 'chunk');
  if (size <= 0) throw new Error('runtime error: makeslice: len out of range');
  const chunks: Value[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return withElementType(chunks, '[]interface {}');
}
