import type { HeldChange, HeldChanges } from '../api/decision.ts';
import { sha256 } from '../lib/digest.ts';
import { escapeText } from '../lib/escape-text.ts';
import { canonicalJson } from '../lib/json.ts';
import { parseShare, WHOLE_SHARE } from '../lib/share.ts';
import { compareDecisions } from './compare-decisions.ts';
import { pickDecision, type TunedVerdict } from './decide-one.ts';
import type { DecideOptions } from './decided.ts';

/** Bytes of an element's key in a message. */
const MAX_KEY = 100;

/** A change of a value that stood before. */
type ChangeVerdict = TunedVerdict & Required<Pick<TunedVerdict, 'before'>>;

/**
 * Keeps the values before where they would change by more than `spec.guard.maxChange`, and says which. All of them are
 * made once their digest is approved. The others are as they were.
 */
export function holdLargeChanges(
  verdicts: readonly TunedVerdict[],
  { set, delivered, approved }: Pick<DecideOptions, 'set' | 'delivered' | 'approved'>,
): { verdicts: readonly TunedVerdict[]; heldChanges?: HeldChanges; released?: string } {
  const { maxChange } = set.spec.guard;
  if (maxChange === undefined) return { verdicts };
  const share = parseShare(maxChange);
  const large = verdicts.filter((verdict): verdict is ChangeVerdict => isLarge(verdict, share));
  if (large.length === 0) return { verdicts };
  const changes = large.map(toHeldChange).sort(compareDecisions);
  const digest = digestChanges(changes, delivered);
  if (approved.has(digest)) return { verdicts, released: digest };
  const message = describeChanges(large, { count: verdicts.length, maxChange });
  const held = new Set<TunedVerdict>(large);
  return {
    verdicts: verdicts.map((verdict) => (held.has(verdict) ? keepBefore(verdict as ChangeVerdict) : verdict)),
    heldChanges: { digest, message, changes },
  };
}

/** What is held, once a plan with this digest was delivered: only the new digest approves it from then on. */
export function renewDigest(held: HeldChanges, delivered: string): HeldChanges {
  return { ...held, digest: digestChanges(held.changes, delivered) };
}

function isLarge({ amount, before }: TunedVerdict, share: bigint): boolean {
  if (!before) return false;
  return difference(amount, before.amount) * WHOLE_SHARE > before.amount * share;
}

function keepBefore({ before, standing, ...rest }: ChangeVerdict): TunedVerdict {
  return {
    ...rest,
    before,
    amount: before.amount,
    standing: { ...pickDecision(before.decision), reason: 'MaxChange', proposed: standing.value },
  };
}

function toHeldChange({ standing, before }: ChangeVerdict): HeldChange {
  const { element, name, value: proposed } = standing;
  return { element, name, value: before.decision.value, proposed };
}

/** Covers what is held and the last delivered plan, so that an approval is void once anything was delivered. */
function digestChanges(changes: readonly HeldChange[], delivered: string | undefined): string {
  const covered = changes.map(({ element, name, value, proposed }) => [element, name, value, proposed]);
  return sha256(canonicalJson({ values: covered, delivered: delivered ?? null }));
}

function describeChanges(
  large: readonly ChangeVerdict[],
  { count, maxChange }: { count: number; maxChange: string },
): string {
  const { standing, before } = large.reduce((most, verdict) => (isLarger(verdict, most) ? verdict : most));
  const of = standing.element === '' ? '' : ` of ${escapeText(standing.element, MAX_KEY)}`;
  const largest = `${standing.name}${of} from ${before.decision.value} to ${standing.value}`;
  return `would change ${large.length} of ${count} tuned values by more than spec.guard.maxChange ${maxChange}, most of all ${largest}`;
}

/** By the share of the value before; a change from zero is the largest. */
function isLarger(a: ChangeVerdict, b: ChangeVerdict): boolean {
  return (
    difference(a.amount, a.before.amount) * b.before.amount >
    difference(b.amount, b.before.amount) * a.before.amount
  );
}

function difference(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}
