import type { HeldChanges } from '../api/decision.ts';
import type { ElementState } from '../api/element-state.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import { compareKeys } from '../lib/compare-keys.ts';
import { MAX_MESSAGE, toOneLine } from './one-line.ts';

/** Elements that a status tells of, and changes that wait for an approval. */
const MAX_STATES = 100;
export const MAX_CHANGES = 100;
/** Characters of a key that the messages of a status show, and of an element's message. */
const MAX_KEY = 253;
const MAX_ELEMENT_MESSAGE = 300;
/** Elements that a message names. */
const MAX_NAMED = 10;

/** An element as the status has it. */
type StatusElement = NonNullable<GeneratorSetStatus['elementStates']>[number];

/** How people release what is held. */
export function describeHold({ message }: { readonly message: string }, digest: string): string {
  const advice = `; to deliver it all the same: annotation generatorset.dev/approve: ${digest}`;
  return `${toOneLine(message, MAX_MESSAGE - advice.length)}${advice}`;
}

/** The elements that are held, by their keys. */
export function heldOf(states: readonly ElementState[] = []): ElementState[] {
  return states.filter(({ phase }) => phase === 'Held').sort(byKey);
}

/** The count and the first of those that are held: `2 of 10 elements held: team-a (InputMissing), ...`. */
export function describeHeld(states: readonly ElementState[]): string {
  const held = heldOf(states);
  const named = held.slice(0, MAX_NAMED).map(({ key, reason }) => `${toOneLine(key, MAX_KEY)} (${reason})`);
  const more = held.length > MAX_NAMED ? ` and ${held.length - MAX_NAMED} more` : '';
  return `${held.length} of ${countElements(states.length)} held: ${named.join(', ')}${more}`;
}

/** The states that the status has: those that are held first, then by key; undefined where there are none. */
export function toStatusElements(states: readonly ElementState[]): StatusElement[] | undefined {
  if (states.length === 0) return undefined;
  const others = states.filter(({ phase }) => phase !== 'Held').sort(byKey);
  return [...heldOf(states), ...others].slice(0, MAX_STATES).map(({ key, phase, reason, message }) => ({
    ...{ key: toOneLine(key, MAX_KEY), phase, reason },
    ...(message !== '' && { message: toOneLine(message, MAX_ELEMENT_MESSAGE) }),
  }));
}

/** Held changes as the status has them. */
export function toStatusHeld(changes: HeldChanges): NonNullable<GeneratorSetStatus['held']> {
  return {
    digest: changes.digest,
    rule: 'maxChange',
    message: describeHold(changes, changes.digest),
    changes: changes.changes.slice(0, MAX_CHANGES).map(({ element, name, value, proposed }) => ({
      element,
      name,
      value,
      proposed,
    })),
  };
}

function countElements(count: number): string {
  return count === 1 ? '1 element' : `${count} elements`;
}

function byKey(one: ElementState, other: ElementState): number {
  return compareKeys(one.key, other.key);
}
