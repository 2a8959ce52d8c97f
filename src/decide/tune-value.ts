import type { DecisionRule, HoldReason } from '../api/decision.ts';
import type { TuneRules } from '../api/tune-rules.ts';
import { roundUpQuantity } from '../lib/quantity.ts';
import { WHOLE_SHARE } from '../lib/share.ts';

/** What one value is decided from. Amounts are billionths. */
export interface TuneRequest {
  /** Absent where there is no valid input. */
  readonly input?: bigint;
  /** The value that stands, and since when: milliseconds since 1970. */
  readonly previous?: Standing;
  /** When the input was asked for: milliseconds since 1970. Absent: now. */
  readonly asked?: number;
  readonly rules: TuneRules;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface Standing {
  readonly value: bigint;
  readonly since: number;
}

/** What the rules give. */
export interface TunedValue {
  readonly value: bigint;
  /** How a value that differs from the one before came about. */
  readonly rule: DecisionRule;
  /** Why it is the value before, although the input says another. */
  readonly reason?: HoldReason;
  /** What the input would give without a value before; absent without an input. */
  readonly proposed?: bigint;
}

/**
 * Applies the rules in their order: margin, increaseOnly, minChange, cooldown, maxDecrease, roundUp, bounds. Without
 * a value before, only margin, roundUp and the bounds. Undefined where there is neither an input nor a value before.
 */
export function tuneValue({ input, previous, rules, now, asked = now }: TuneRequest): TunedValue | undefined {
  if (input === undefined) return previous && { ...settle(previous.value, rules), reason: 'InputMissing' };
  const wanted = addMargin(input, rules.margin);
  const fresh = settle(wanted, rules);
  if (!previous) return { ...fresh, proposed: fresh.value };
  return { ...move(wanted, fresh, { previous, rules, now, asked }), proposed: fresh.value };
}

interface Step {
  readonly previous: Standing;
  readonly rules: TuneRules;
  readonly now: number;
  readonly asked: number;
}

/** From the value before towards what is wanted, as far as the rules allow. `fresh` is what it would be without any. */
function move(wanted: bigint, fresh: TunedValue, step: Step): TunedValue {
  const { previous, rules } = step;
  const reason = findHold(wanted, step);
  if (reason !== undefined) {
    const kept = settle(previous.value, rules);
    return kept.value === fresh.value ? kept : { ...kept, reason };
  }
  const next = settle(limitDecrease(wanted, previous.value, rules.maxDecrease), rules);
  if (next.value === fresh.value) return next;
  if (next.value === previous.value) return { ...next, reason: 'DecreaseLimited' };
  return next.rule === 'Computed' ? { ...next, rule: 'DecreaseLimited' } : next;
}

/** The first rule that keeps the value before. */
function findHold(wanted: bigint, step: Step): HoldReason | undefined {
  const { previous, rules, now } = step;
  if (rules.increaseOnly && wanted < previous.value) return 'IncreaseOnly';
  if (isWithinDeadBand(wanted, previous.value, rules.minChange)) return 'WithinDeadBand';
  if (wanted < previous.value && now - previous.since < rules.cooldown) return 'Cooldown';
  if (wanted < previous.value && rules.maxDecrease !== undefined && isUsed(step)) return 'DecreaseLimited';
  return undefined;
}

/**
 * One answer allows one step: passes that only look whether all is as it was must not walk down. An answer from a time
 * that is yet to come is of a clock that was set back, which cannot tell; it is asked anew soon.
 */
function isUsed({ previous, now, asked }: Step): boolean {
  return asked > now || (asked < now && asked <= previous.since);
}

/** The input with its margin on top, rounded up to a billionth. */
export function addMargin(input: bigint, margin: bigint): bigint {
  return divideUp(input * (WHOLE_SHARE + margin), WHOLE_SHARE);
}

/** Whether a change is smaller than the least that is made; a change of exactly that is made. */
export function isWithinDeadBand(
  wanted: bigint,
  previous: bigint,
  minChange: TuneRules['minChange'],
): boolean {
  const change = wanted < previous ? previous - wanted : wanted - previous;
  if ('nanos' in minChange) return change < minChange.nanos;
  return change * WHOLE_SHARE < previous * minChange.share;
}

/** The wanted value, but not less than the largest decrease allows. */
function limitDecrease(wanted: bigint, previous: bigint, maxDecrease: bigint | undefined): bigint {
  if (maxDecrease === undefined) return wanted;
  const least = divideUp(previous * (WHOLE_SHARE - maxDecrease), WHOLE_SHARE);
  return wanted < least ? least : wanted;
}

/** The next multiple of `roundUp` within the bounds, and the bound that it met. */
export function settle(amount: bigint, { roundUp, min, max }: TuneRules): TunedValue {
  const value = roundUpQuantity({ nanos: amount, format: roundUp.format }, roundUp).nanos;
  if (value > max) return { value: max, rule: 'AtMaximum' };
  if (value < min) return { value: min, rule: 'AtMinimum' };
  return { value, rule: 'Computed' };
}

/** Neither is negative. */
function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
