import type { JsonObject, JsonValue } from './json.ts';
import { isObject, ownValue } from './json.ts';
import type { JsonPathFilter, JsonPathOperand, JsonPathStep, Operator } from './json-path-parser.ts';
import { parseJsonPath } from './json-path-parser.ts';

/** How many values one query may visit before it is refused. */
const MAX_VISITS = 100_000;

/**
 * The values that a JSONPath in kubectl's dialect finds, in document order. As in client-go, a key that no
 * value has and an index out of range are errors, and null values are stepped over.
 */
export function queryJsonPath(expression: string, data: JsonValue): JsonValue[] {
  const budget = { left: MAX_VISITS };
  return parseJsonPath(expression).flatMap((steps) => followSteps([data], steps, budget));
}

/** Visits that are left; shared by all steps of one query, so that `..` cannot multiply them. */
interface Budget {
  left: number;
}

/** Applies the steps in turn, each to all values that the one before it found. */
function followSteps(input: JsonValue[], steps: readonly JsonPathStep[], budget: Budget): JsonValue[] {
  let values = input;
  for (const step of steps) {
    const next = followStep(values, step, budget);
    spend(budget, next.length);
    values = next;
  }
  return values;
}

function followStep(values: JsonValue[], step: JsonPathStep, budget: Budget): JsonValue[] {
  spend(budget, values.length);
  switch (step.kind) {
    case 'field':
      return selectField(values, step.name);
    case 'wildcard':
      return values.flatMap(childrenOf);
    case 'descent':
      return values.flatMap((value) => containersIn(value, budget));
    case 'index':
      return selectItems(values, `[${step.index}]`, (list) => [itemAt(list, step.index)]);
    case 'slice':
      return selectItems(values, 'a slice', (list) => sliceOf(list, step));
    case 'union':
      return step.branches.flatMap((branch) => followStep(values, branch, budget));
    case 'filter':
      return selectItems(values, 'a filter', (list) =>
        list.filter((item) => passes(item, step.filter, budget)),
      );
  }
}

/** The field of every object that has it. That some lack it is no error; that all do is. */
function selectField(values: JsonValue[], name: string): JsonValue[] {
  if (values.length === 0) return [];
  const found: JsonValue[] = [];
  for (const value of values) {
    const field = isObject(value) ? ownValue(value, name) : undefined;
    if (field !== undefined) found.push(field);
  }
  if (found.length === 0) throw new Error(`JSONPath: ${JSON.stringify(name)} is not found`);
  return found;
}

/** What `select` takes from every list; a value that is no list is an error, null is nothing. */
function selectItems(
  values: JsonValue[],
  what: string,
  select: (list: JsonValue[]) => JsonValue[],
): JsonValue[] {
  const found: JsonValue[] = [];
  for (const value of values) {
    if (value === null) continue;
    if (!Array.isArray(value)) throw new Error(`JSONPath: ${what} needs a list, not ${describeType(value)}`);
    for (const item of select(value)) found.push(item);
  }
  return found;
}

function itemAt(list: JsonValue[], index: number): JsonValue {
  const item = list.at(index);
  if (item === undefined) {
    throw new Error(`JSONPath: index ${index} is out of range: the list has ${list.length} items`);
  }
  return item;
}

/**
 * Both ends must be in the list, as client-go demands: a slice that reaches beyond it hides a wrong
 * assumption.
 */
function sliceOf(list: JsonValue[], slice: { from?: number; to?: number; step: number }): JsonValue[] {
  const from = fromEnd(slice.from ?? 0, list.length);
  const to = fromEnd(slice.to ?? list.length, list.length);
  if (from === to) return [];
  if (from < 0 || to < from || to > list.length) {
    throw new Error(`JSONPath: slice ${from}:${to} is out of range: the list has ${list.length} items`);
  }
  return list.slice(from, to).filter((_, position) => position % slice.step === 0);
}

function fromEnd(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

/** The value itself and every list and object below it, parents first; empty ones have nothing to find. */
function containersIn(value: JsonValue, budget: Budget): JsonValue[] {
  const children = childrenOf(value);
  if (children.length === 0) return [];
  spend(budget, children.length);
  const found = [value];
  for (const child of children) {
    for (const container of containersIn(child, budget)) found.push(container);
  }
  return found;
}

function childrenOf(value: JsonValue): JsonValue[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value as JsonObject) : [];
}

/** Whether a filter keeps the item. */
function passes(item: JsonValue, filter: JsonPathFilter, budget: Budget): boolean {
  if (filter.comparison === undefined) return exists(item, filter.left, budget);
  const left = operandValue(item, filter.left, budget);
  const right = operandValue(item, filter.comparison.right, budget);
  return compare(left, filter.comparison.operator, right);
}

/** Whether the path leads anywhere from the item. */
function exists(item: JsonValue, operand: JsonPathOperand, budget: Budget): boolean {
  if ('literal' in operand) return true;
  try {
    return followSteps([item], operand.steps, budget).length > 0;
  } catch (error) {
    if (budget.left < 0) throw error;
    // Whatever else keeps the path from its end, the end does not exist.
    return false;
  }
}

/** The one value of a side; a key that is missing there is an error, as it is outside filters. */
function operandValue(item: JsonValue, operand: JsonPathOperand, budget: Budget): JsonValue {
  if ('literal' in operand) return operand.literal;
  const [value, ...more] = followSteps([item], operand.steps, budget);
  if (value === undefined || more.length > 0) {
    throw new Error(
      `JSONPath: a filter compares one value at a time, its path gives ${more.length + (value === undefined ? 0 : 1)}`,
    );
  }
  return value;
}

/** Compares values of one type; numbers by value, texts by code unit. */
function compare(left: JsonValue, operator: Operator, right: JsonValue): boolean {
  if (!areComparable(left, right)) {
    throw new Error(`JSONPath: cannot compare ${describeType(left)} with ${describeType(right)}`);
  }
  // Loose equality compares a number with a bigint by value; the types are known to agree.
  // biome-ignore lint/suspicious/noDoubleEquals: see above
  if (operator === '==' || operator === '!=') return (left == right) === (operator === '==');
  if (typeof left === 'boolean') throw new Error(`JSONPath: booleans have no order, use == or !=`);
  const [a, b] = [left as string, right as string];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function areComparable(left: JsonValue, right: JsonValue): boolean {
  return describeType(left) === describeType(right) && !/null|list|object/.test(describeType(left));
}

function describeType(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}

function spend(budget: Budget, visits: number): void {
  budget.left -= visits;
  if (budget.left < 0) throw new Error(`JSONPath: the query visits more than ${MAX_VISITS} values`);
}
