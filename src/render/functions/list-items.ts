import { formatValue } from '../values/format-value.ts';
import { spend } from '../values/meter.ts';
import { kindName, type NumberMode, type Value } from '../values/value.ts';
import { startWalk } from '../values/walk.ts';

/** The items of a list; anything else is refused with Sprig's words. */
export function listItems(value: Value, verb: string): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (value === null || value === undefined) {
    throw new Error('runtime error: invalid memory address or nil pointer dereference');
  }
  throw new Error(`Cannot ${verb} type ${kindName(value)}`);
}

/** A value as a list of texts: nil items are left out, what is no list is one item. */
export function toTexts(value: Value, mode: NumberMode): string[] {
  const items = Array.isArray(value) ? value : [value];
  const walk = startWalk();
  spend(items.length);
  return items
    .filter((item) => item !== null && item !== undefined)
    .map((item) => formatValue(item, mode, walk));
}
