import type { Decision, DecisionRule } from '../api/decision.ts';
import { FIELD_PATTERN } from '../api/patterns.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import { isObject, type JsonValue, ownValue } from '../lib/json.ts';
import { parseQuantity } from '../lib/quantity.ts';
import { type ListKind, sortEntries } from './kept-list.ts';

/** One tuned value as the status has it: without an element where there is only one. */
export type StatusDecision = NonNullable<GeneratorSetStatus['decisions']>[number];

const NAME = new RegExp(FIELD_PATTERN);
const MAX_NAME = 63;
/** Characters of a quantity or a number. */
const MAX_VALUE = 64;
/** Characters of a key; those of this version are 253 at most. */
const MAX_ELEMENT = 1024;
/** Characters of an input that are kept: it is evidence, and decides nothing. */
const MAX_INPUT = 256;
const RULE = /^[A-Za-z]{1,63}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** The tuned values of a set. */
export const DECISIONS: ListKind<StatusDecision> = {
  word: 'decisions',
  noun: 'decisions',
  maxInline: 500,
  maxInlineSize: 128 * 1024,
  idOf: ({ element = '', name }) => JSON.stringify([element, name]),
  lineOf: (decision) => JSON.stringify(toFields(decision)),
  sizeOf: (decision) => JSON.stringify(toFields(decision)).length + 60,
  readEntry: readDecision,
};

/** The decisions of a state as the status keeps them. */
export function toStatusDecisions(decisions: readonly Decision[] = []): StatusDecision[] {
  return sortEntries(
    DECISIONS,
    decisions.map(({ element, name, value, since, rule, input, previous }) => ({
      ...(element !== '' && { element }),
      ...{ name, value, since, rule, input: input.slice(0, MAX_INPUT) },
      ...(previous !== undefined && { previous }),
    })),
  );
}

/** The decisions that a status tells of. */
export function fromStatusDecisions(decisions: readonly StatusDecision[]): Decision[] {
  // A rule of another version of this program is evidence for people, like those that are known.
  return decisions.map(({ element = '', rule, ...rest }) => ({
    element,
    rule: rule as DecisionRule,
    ...rest,
  }));
}

function toFields({ element, name, value, since, rule, input, previous }: StatusDecision) {
  return [element ?? '', name, value, since, rule, input, previous ?? null];
}

/** What cannot have been decided is no decision: then the value is decided as if it were the first. */
function readDecision(item: JsonValue): StatusDecision | undefined {
  if (!isObject(item)) return undefined;
  const text = (key: string, limit: number) => {
    const value = ownValue(item, key);
    return typeof value === 'string' && value !== '' && value.length <= limit ? value : undefined;
  };
  const [name, value, previous] = [
    text('name', MAX_NAME),
    text('value', MAX_VALUE),
    text('previous', MAX_VALUE),
  ];
  const [element, since, rule] = [
    text('element', MAX_ELEMENT),
    text('since', MAX_VALUE),
    text('rule', MAX_VALUE),
  ];
  if (!name || !NAME.test(name) || !value || !isQuantity(value)) return undefined;
  if (!since || !isTime(since) || !rule || !RULE.test(rule)) return undefined;
  if (element === undefined && ownValue(item, 'element') !== undefined) return undefined;
  return {
    ...(element !== undefined && { element }),
    ...{ name, value, since, rule, input: text('input', MAX_INPUT) ?? '' },
    ...(previous !== undefined && isQuantity(previous) && { previous }),
  };
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

function isTime(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}
