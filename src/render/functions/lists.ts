import { deepEqual } from '../values/compare.ts';
import { formatValue } from '../values/format-value.ts';
import { LimitFault, spend } from '../values/meter.ts';
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
const MAX_COMPARISONS = 2_000_000;

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
      orNil(copyItems(listItems(list, 'find rest on')).slice(1), list),
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
      return copyItems(listItems(list, 'find reverse on')).reverse();
    }),
    ...aliases(['uniq', 'mustUniq'], '(any) -> list', (list: Value) =>
      unique(listItems(list, 'find uniq on'), mode),
    ),
    ...aliases(['without', 'mustWithout'], '(any, ...any) -> list', (list: Value, ...omitted: Value[]) => {
      return without(listItems(list, 'find without on'), omitted, mode);
    }),
    ...aliases(['has', 'mustHas'], '(any, any) -> bool', (needle: Value, list: Value) =>
      has(needle, list, mode),
    ),
    ...aliases(['slice', 'mustSlice'], '(any, ...any) -> any', slice),
    ...aliases(['chunk', 'mustChunk'], '(int, any) -> list', chunk),
    fn('sortAlpha', '(any) -> list', (list: Value) => {
      const texts = Array.isArray(list) ? toTexts(list, mode) : [formatValue(list, mode)];
      checkItemCount(texts.length);
      spend(texts.length * 16);
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

/** Copies are counted: a loop can make many. */
function copyItems(items: readonly Value[]): Value[] {
  checkItemCount(items.length);
  return [...items];
}

function unique(items: readonly Value[], mode: NumberMode): readonly Value[] {
  const texts = new Set<string>();
  const others: Value[] = [];
  let comparisons = 0;
  return items.filter((item) => {
    if (typeof item === 'string') return texts.size < texts.add(item).size;
    comparisons += others.length;
    if (comparisons > MAX_COMPARISONS)
      throw new LimitFault(`list of ${items.length} items is too long to compare`);
    spend(others.length);
    if (others.some((other) => deepEqual(mode, other, item))) return false;
    others.push(item);
    return true;
  });
}

function without(items: readonly Value[], omitted: readonly Value[], mode: NumberMode): readonly Value[] {
  spend(items.length * omitted.length);
  return items.filter((item) => !omitted.some((other) => deepEqual(mode, other, item)));
}

function has(needle: Value, list: Value, mode: NumberMode): boolean {
  if (list === null || list === undefined) return false;
  const items = listItems(list, 'find has on');
  spend(items.length);
  return items.some((item) => deepEqual(mode, needle, item));
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
  checkItemCount(items.length);
  // Go counts the chunks with a division of floats: with a negative size there may be none, but never fewer.
  const count = Math.floor((items.length - 1) / size) + 1;
  const last = items.length % size || size;
  if (!(count >= 0 && Number.isFinite(count)) || (count > 0 && last < 0)) {
    throw new Error('runtime error: makeslice: len out of range');
  }
  const chunks: Value[] = [];
  for (let i = 0; i < count; i++) {
    chunks.push(items.slice(i * size, i * size + (i === count - 1 ? last : size)));
  }
  return withElementType(chunks, '[]interface {}');
}
