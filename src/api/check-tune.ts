import { parseDuration } from '../lib/duration.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { formatQuantity, parseQuantity, type Quantity } from '../lib/quantity.ts';
import { parseShare, WHOLE_SHARE } from '../lib/share.ts';
import { type Problem, quote } from './problem.ts';
import { BOUND_FIELDS, MAX_AMOUNT, ONE, readTuneRules, type TuneUnit, tuneUnit } from './tune-rules.ts';

type Field = (typeof BOUND_FIELDS)[number] | 'minChange';

/** The fields of a decision that rules look at, as far as they are of the right type. */
type Fields = { unit?: TuneUnit } & Partial<Record<Field, string | number>>;

/** A problem of one field of a decision. */
interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

const UNITS: ReadonlySet<unknown> = new Set<TuneUnit>(['memory', 'cpu', 'number', 'integer']);

/** The one name that matches the pattern and is no ordinary field of an object. */
const RESERVED_NAME = '__proto__';

/** The rules of `spec.tune` that a JSON Schema cannot say. Values of the wrong type are passed over. */
export function checkTune(tune: readonly JsonValue[]): Problem[] {
  const names = new Map<string, number>();
  return tune.flatMap((entry, index) => {
    if (!isObject(entry)) return [];
    const problems = [...checkName(entry, index, names), ...checkAmounts(entry), ...checkLimits(entry)];
    return problems.map(({ field, message }) => ({ path: ['spec', 'tune', index, field], message }));
  });
}

/** A name that stands for two decisions would hold the value of the last. */
function checkName(entry: JsonObject, index: number, seen: Map<string, number>): FieldProblem[] {
  const name = ownValue(entry, 'name');
  if (typeof name !== 'string') return [];
  const first = seen.get(name);
  if (first === undefined) seen.set(name, index);
  else return [{ field: 'name', message: `${quote(name)} is the name of spec.tune[${first}] too` }];
  return name === RESERVED_NAME ? [{ field: 'name', message: `${quote(name)} is no name of a field` }] : [];
}

function checkAmounts(entry: JsonObject): FieldProblem[] {
  const fields = readFields(entry);
  const unit = tuneUnit(fields);
  const problems = [...BOUND_FIELDS, 'minChange' as const].flatMap((field) => {
    const message = findMistake(field, fields, unit);
    return message === undefined ? [] : [{ field, message }];
  });
  return problems.length > 0 ? problems : checkRange(fields);
}

function readFields(entry: JsonObject): Fields {
  const unit = ownValue(entry, 'unit');
  const fields: Fields = UNITS.has(unit) ? { unit: unit as TuneUnit } : {};
  for (const field of BOUND_FIELDS) {
    const value = ownValue(entry, field);
    if (isQuantity(value)) fields[field] = value;
  }
  const minChange = ownValue(entry, 'minChange');
  return isQuantity(minChange) ? { ...fields, minChange } : fields;
}

/** A share is none: there is no more to say about it than the schema does. */
function isQuantity(value: JsonValue | undefined): value is string | number {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  return typeof value === 'string' && check(parseQuantity, value) === undefined;
}

function checkLimits(entry: JsonObject): FieldProblem[] {
  const rules = [['cooldown', parseDuration] as const, ['maxDecrease', checkDecrease] as const];
  return rules.flatMap(([field, rule]) => {
    const message = check(rule, ownValue(entry, field));
    return message === undefined ? [] : [{ field, message }];
  });
}

/** What is wrong with one amount, whatever the others are. */
function findMistake(field: Field, fields: Fields, unit: TuneUnit): string | undefined {
  const text = fields[field] === undefined ? undefined : String(fields[field]);
  if (text === undefined) return undefined;
  const amount = parseQuantity(text);
  if (amount.nanos > MAX_AMOUNT) return `is ${text}, must be at most 1E`;
  if (field === 'roundUp' && amount.nanos <= 0n) return `is ${text}, must be above zero`;
  if (field === 'minChange' && unit === 'integer') return findUnitMistake(text, amount, 'number');
  return findUnitMistake(text, amount, unit);
}

function findUnitMistake(text: string, { nanos, format }: Quantity, unit: TuneUnit): string | undefined {
  if (format === 'BinarySI' && unit !== 'memory')
    return `is ${text}, but the unit is ${unit}: a suffix with i is for bytes`;
  const isWhole = nanos % ONE === 0n;
  if (unit === 'memory' && !isWhole)
    return `is ${text}, but the unit is memory, which is counted in whole bytes`;
  if (unit === 'integer' && !isWhole) return `is ${text}, but the unit is integer, which has no fractions`;
  return undefined;
}

/** After rounding to `roundUp` there must be a value between the bounds. */
function checkRange(fields: Fields): FieldProblem[] {
  const { roundUp, min, max } = readTuneRules(fields);
  const step = formatQuantity(roundUp);
  if (max <= 0n) return [{ field: 'max', message: `is ${fields.max}, must be at least roundUp, ${step}` }];
  if (min <= max) return [];
  const bounds = fields.max === undefined ? 'up to 1E' : `from min ${fields.min} on`;
  const message = `is ${fields.max ?? fields.min}, which leaves no multiple of roundUp ${step} ${bounds}`;
  return [{ field: fields.max === undefined ? 'min' : 'max', message }];
}

/** A limit of nothing, or of everything, is no limit but a mistake. */
function checkDecrease(text: string): void {
  const share = parseShare(text);
  if (share === 0n) throw new Error(`is ${text}, which allows no decrease: set increaseOnly to true instead`);
  if (share >= WHOLE_SHARE) throw new Error(`is ${text}, which limits nothing: leave it out`);
}

/** What a rule says of a text; undefined where it is content. */
function check(rule: (text: string) => unknown, text: JsonValue | undefined): string | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    rule(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
