import type { Decision } from '../api/decision.ts';
import { compareQuantities, parseQuantity } from '../lib/quantity.ts';

/**
 * The decisions to remember while nobody knows which resources have been written: of each the larger value, so that no
 * later pass decreases anything by more than its rules allow, counted from what may stand in the target.
 */
export function widestDecisions(
  before: readonly Decision[] | undefined,
  next: readonly Decision[] | undefined,
): readonly Decision[] | undefined {
  if (!before || !next) return before ?? next;
  const decisions = new Map(before.map((decision) => [idOf(decision), decision]));
  for (const decision of next) {
    const id = idOf(decision);
    const known = decisions.get(id);
    if (!known || isLess(known.value, decision.value)) decisions.set(id, decision);
  }
  return [...decisions.values()];
}

/** Whether an intended state tells decisions that the other does not. */
export function hasWider(
  widest: readonly Decision[] | undefined,
  before: readonly Decision[] | undefined,
): boolean {
  const known = new Map((before ?? []).map((decision) => [idOf(decision), decision.value]));
  return (widest ?? []).some((decision) => known.get(idOf(decision)) !== decision.value);
}

function idOf({ element, name }: Decision): string {
  return JSON.stringify([element, name]);
}

/** What is no quantity is replaced by what is decided now. */
function isLess(one: string, other: string): boolean {
  try {
    return compareQuantities(parseQuantity(one), parseQuantity(other)) < 0;
  } catch {
    return true;
  }
}
