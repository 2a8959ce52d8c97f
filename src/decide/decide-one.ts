import type { Decision, StandingDecision } from '../api/decision.ts';
import { type GeneratedElement, SECRET_VALUE } from '../api/element.ts';
import { StalledError } from '../api/errors.ts';
import type { TuneRules } from '../api/tune-rules.ts';
import { escapeText } from '../lib/escape-text.ts';
import type { DecideOptions } from './decided.ts';
import { readInput, readValue } from './read-amount.ts';
import { type TunedValue, tuneValue } from './tune-value.ts';
import { writeAmount } from './write-amount.ts';

/** One of `spec.tune`, ready to be applied. */
export interface TuneEntry {
  readonly position: number;
  readonly name: string;
  readonly rules: TuneRules;
}

/** Which element is decided on, and what was decided for it last. */
export interface DecideCase {
  readonly element: GeneratedElement;
  readonly key: string;
  readonly before?: Decision;
}

/** A value that stands, or that there is none. */
export type Verdict = TunedVerdict | MissingVerdict;

/** Amounts are billionths. */
export interface TunedVerdict {
  readonly entry: TuneEntry;
  readonly standing: StandingDecision;
  readonly amount: bigint;
  readonly before?: { readonly decision: Decision; readonly amount: bigint };
}

interface MissingVerdict {
  /** Why there is no valid input. */
  readonly missing: string;
}

/** Bytes of a message about an input. */
const MAX_MESSAGE = 400;

/** Decides one value of one element. Throws the StalledError of a template that is wrong for all elements. */
export function decideOne(
  entry: TuneEntry,
  { element, key, before }: DecideCase,
  { renderInput, now }: Pick<DecideOptions, 'renderInput' | 'now'>,
): Verdict {
  const { name, rules } = entry;
  const input = hideInput(
    element,
    tryInput(entry, () => renderInput(entry.position, element)),
    name,
  );
  const standing = before && readStanding(before, rules);
  const tuned = tuneValue({
    input: input.amount,
    previous: standing && { value: standing.amount, since: Date.parse(standing.decision.since) },
    ...(element.asked !== undefined && { asked: Date.parse(element.asked) }),
    rules,
    now: now.getTime(),
  });
  if (!tuned) return { missing: input.missing ?? '' };
  return {
    entry,
    amount: tuned.value,
    standing: {
      ...toDecision(tuned, { element: key, name, rules, now, input: input.text, before: standing?.decision }),
      ...(tuned.reason !== undefined && { reason: tuned.reason }),
      ...(input.missing !== undefined && { problem: input.missing }),
      ...(tuned.proposed !== undefined && { proposed: writeAmount(tuned.proposed, rules) }),
    },
    ...(standing && { before: standing }),
  };
}

/** What a template gave, as an amount; `missing` says why it is none. */
interface Input {
  readonly text?: string;
  readonly amount?: bigint;
  readonly missing?: string;
}

function tryInput({ name, rules }: TuneEntry, render: () => string): Input {
  try {
    const text = render().trim();
    return { text, amount: readInput(text, rules.unit) };
  } catch (error) {
    if (error instanceof StalledError) throw error;
    const [first = ''] = (error as Error).message.split('\n', 1);
    return { missing: escapeText(`${name} has no valid input: ${first}`, MAX_MESSAGE) };
  }
}

/** What is kept and shown of an input that may be of a Secret: that there is one. */
function hideInput({ isSecret }: GeneratedElement, input: Input, name: string): Input {
  if (!isSecret) return input;
  return {
    ...input,
    ...(input.text !== undefined && { text: SECRET_VALUE }),
    ...(input.missing !== undefined && { missing: `${name} has no valid input ${SECRET_VALUE}` }),
  };
}

/** The earlier decision; undefined where its value is none of this unit. */
function readStanding(decision: Decision, { unit }: TuneRules): TunedVerdict['before'] {
  const amount = readValue(decision.value, unit);
  return amount === undefined ? undefined : { decision, amount };
}

interface NewDecision {
  readonly element: string;
  readonly name: string;
  readonly rules: TuneRules;
  readonly now: Date;
  readonly input?: string;
  readonly before?: Decision;
}

/** The earlier decision where the value is still the same, else a new one. */
function toDecision(tuned: TunedValue, { element, name, rules, now, input, before }: NewDecision): Decision {
  const value = writeAmount(tuned.value, rules);
  if (before?.value === value) return pickDecision(before);
  return {
    element,
    name,
    value,
    since: now.toISOString(),
    rule: tuned.rule,
    input: input ?? before?.input ?? '',
    ...(before && { previous: before.value }),
  };
}

/** A decision as it is remembered: without why it stands. */
export function pickDecision({ element, name, value, since, rule, input, previous }: Decision): Decision {
  return { element, name, value, since, rule, input, ...(previous !== undefined && { previous }) };
}
