import type { HoldReason, StandingDecision } from '../api/decision.ts';
import { describeElement, type GeneratedElement } from '../api/element.ts';
import type { ElementState } from '../api/element-state.ts';
import type { HeldElement } from '../decide/decided.ts';

/** Characters of a message. */
const MAX_MESSAGE = 500;

/** Reasons that say that an input cannot be used, or must not be yet; the others are rules at work. */
const HOLDING: ReadonlySet<HoldReason | undefined> = new Set<HoldReason>(['InputMissing', 'MaxChange']);

/**
 * What became of each element: `held` are not rendered, `decided` have their decisions. Empty where elements have
 * neither keys nor decisions, since they then stand or fall together.
 */
export function describeElements(
  all: readonly GeneratedElement[],
  held: readonly HeldElement[],
  decided: readonly GeneratedElement[],
): ElementState[] {
  if (all.some(({ key }) => key === undefined) && !decided.some(({ decisions }) => decisions)) return [];
  const holds = new Map(held.map((it) => [it.element.index, it]));
  const decisions = new Map(decided.map((element) => [element.index, element.decisions ?? []]));
  return all.map((element) => {
    const hold = holds.get(element.index);
    const key = describeElement(element);
    if (hold) return { key, phase: 'Held', reason: hold.reason, message: cut(hold.message) };
    return { key, ...describeDecisions(decisions.get(element.index) ?? []) };
  });
}

/** The most serious reason of an element's decisions. */
function describeDecisions(decisions: readonly StandingDecision[]): Omit<ElementState, 'key'> {
  const notable = decisions.filter(({ reason }) => reason !== undefined);
  const worst = notable.find(({ reason }) => HOLDING.has(reason)) ?? notable[0];
  if (!worst?.reason) return { phase: 'Ready', reason: 'Reconciled', message: '' };
  return {
    phase: HOLDING.has(worst.reason) ? 'Held' : 'Ready',
    reason: worst.reason,
    message: cut(notable.map(describeDecision).join('; ')),
  };
}

function describeDecision({ name, value, reason, proposed, problem }: StandingDecision): string {
  // Other proposals come and go with each answer, and mean nothing new.
  const instead = reason === 'MaxChange' && proposed !== undefined ? ` instead of ${proposed}` : '';
  return `${name} stays ${value}${instead}: ${reason}${problem === undefined ? '' : ` (${problem})`}`;
}

function cut(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}...` : message;
}
