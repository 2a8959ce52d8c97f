import type { ParamType } from '../functions/signature.ts';
import { fieldReader, type MissingKey, type ReadField, TemplateFault } from '../values/field.ts';
import { formatValue } from '../values/format-value.ts';
import { GoInt, goInt } from '../values/go-number.ts';
import { clipQuoted } from '../values/quote.ts';
import { sortedKeys } from '../values/sorted-keys.ts';
import { isTrue } from '../values/truth.ts';
import { isMap, type NumberMode, type Value } from '../values/value.ts';
import { argumentConverters, type Convert } from './arguments.ts';
import { type CallMethod, methodCaller } from './method-caller.ts';

/** Whole numbers that a range loop may count to. */
const MAX_COUNT = 1_000_000;

/** What compiled templates call besides functions. */
interface Runtime {
  readonly get: ReadField;
  readonly isTrue: (value: Value) => boolean;
  readonly items: (value: Value) => readonly Value[];
  readonly section: (value: Value, dot: Value) => readonly Value[];
  readonly keys: (value: Value) => readonly string[] | null;
  readonly method: CallMethod;
  readonly goInt: (value: number) => GoInt;
  readonly fault: (reason: string) => never;
  readonly to: Readonly<Record<ParamType, Convert>>;
}

/** The runtime for a number mode and a missingkey mode; `loop` is what the dialect calls a loop. */
export function createRuntime(
  mode: NumberMode,
  missingKey: MissingKey,
  loop: 'range' | 'each' = 'range',
): Runtime {
  const get = fieldReader(missingKey);
  const to = argumentConverters(mode);
  return {
    get,
    isTrue,
    items: (value) => rangeItems(value, mode, loop),
    section: sectionItems,
    keys: (value) => (isMap(value) ? sortedKeys(value) : null),
    method: methodCaller(get, to),
    goInt,
    fault,
    to,
  };
}

/** What range runs over: a list's items, a map's values in key order, the numbers below a whole number. */
function rangeItems(value: Value, mode: NumberMode, loop: string): readonly Value[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  if (isMap(value)) return sortedKeys(value).map((key) => value[key] ?? null);
  const count = rangeCount(value, mode);
  if (count === undefined) {
    const shown = formatValue(value, mode);
    throw new TemplateFault(`${loop} can't iterate over ${mode === 'exact' ? clipQuoted(shown) : shown}`);
  }
  if (count > MAX_COUNT) throw new TemplateFault(`${loop} over more than ${MAX_COUNT} numbers`);
  return Array.from({ length: Math.max(0, count) }, (_, i) => goInt(i));
}

/** What a plain section of Handlebars runs over: a list's items, `dot` itself for true, else the value if it is true. */
function sectionItems(value: Value, dot: Value): readonly Value[] {
  if (!isTrue(value)) return [];
  if (Array.isArray(value)) return value;
  return [value === true ? dot : value];
}

function rangeCount(value: Value, mode: NumberMode): number | undefined {
  if (value instanceof GoInt) return value.number;
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  return mode === 'exact' && isWhole ? Number(value) : undefined;
}

function fault(reason: string): never {
  throw new TemplateFault(reason);
}
