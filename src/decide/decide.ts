import type { Decision } from '../api/decision.ts';
import { describeElement, type GeneratedElement } from '../api/element.ts';
import type { Tune } from '../api/generatorset-schema.ts';
import { readTuneRules } from '../api/tune-rules.ts';
import { type JsonObject, setOwn } from '../lib/json.ts';
import { quantityToNumber } from '../lib/quantity.ts';
import { compareDecisions } from './compare-decisions.ts';
import { decideOne, pickDecision, type TunedVerdict, type TuneEntry, type Verdict } from './decide-one.ts';
import type { Decided, DecideOptions, HeldElement } from './decided.ts';
import { holdLargeChanges } from './hold-large-changes.ts';
import { identifyElements } from './identify-elements.ts';

/** Of so many elements it is said why none can be used. */
const MAX_SHOWN = 5;

/** An element with a verdict for each decision of the set. */
interface Case {
  readonly element: GeneratedElement;
  readonly key: string;
  readonly verdicts: readonly Verdict[];
}

/** An element that has all its values. */
interface TunedCase extends Case {
  readonly verdicts: readonly TunedVerdict[];
}

/** What was decided last: by element, then by name. */
type Past = ReadonlyMap<string, ReadonlyMap<string, Decision>>;

/**
 * Step 2: gives each element its tuned values. An element without a valid input keeps its earlier values; one that has
 * none is held, and the others go on. Throws an Error where elements cannot be told apart or none can be used, and the
 * StalledError of a template that is wrong. The elements of a set that tunes nothing are given back as they are.
 */
export function decide(elements: readonly GeneratedElement[], options: DecideOptions): Decided {
  const entries = (options.set.spec.tune ?? []).map(toEntry);
  if (entries.length === 0) return { elements, held: [] };
  const past = groupDecisions(options.previous);
  const cases = decideCases(elements, { entries, past, options });
  const tuned = cases.filter(isTuned);
  const missing = cases.filter((it) => !isTuned(it));
  if (tuned.length === 0 && missing.length > 0) throw new Error(describeMissing(missing));
  const { verdicts, heldChanges, released } = holdLargeChanges(
    tuned.flatMap((it) => it.verdicts),
    options,
  );
  return {
    elements: tuned.map(({ element }, index) =>
      withDecisions(element, verdicts.slice(index * entries.length, (index + 1) * entries.length)),
    ),
    held: missing.map(toHeld),
    decisions: [
      ...verdicts.map(({ standing }) => pickDecision(standing)),
      ...missing.flatMap(({ key }) => pastDecisions(past.get(key), entries)),
    ].sort(compareDecisions),
    ...(heldChanges && { heldChanges }),
    ...(released !== undefined && { released }),
  };
}

function toEntry(tune: Tune, position: number): TuneEntry {
  return { position, name: tune.name, rules: readTuneRules(tune) };
}

function decideCases(
  elements: readonly GeneratedElement[],
  { entries, past, options }: { entries: readonly TuneEntry[]; past: Past; options: DecideOptions },
): Case[] {
  const keys = identifyElements(elements);
  return elements.map((element, index) => {
    const key = keys[index] as string;
    const decided = past.get(key);
    return {
      element,
      key,
      verdicts: entries.map((entry) =>
        decideOne(entry, { element, key, before: decided?.get(entry.name) }, options),
      ),
    };
  });
}

function groupDecisions(decisions: readonly Decision[]): Past {
  const past = new Map<string, Map<string, Decision>>();
  for (const decision of decisions) {
    const named = past.get(decision.element) ?? new Map<string, Decision>();
    past.set(decision.element, named.set(decision.name, decision));
  }
  return past;
}

/** What an element that is held keeps; nothing of decisions that the set no longer makes. */
function pastDecisions(
  named: ReadonlyMap<string, Decision> | undefined,
  entries: readonly TuneEntry[],
): Decision[] {
  return entries.flatMap(({ name }) => {
    const decision = named?.get(name);
    return decision ? [pickDecision(decision)] : [];
  });
}

function isTuned(it: Case): it is TunedCase {
  return it.verdicts.every((verdict) => 'standing' in verdict);
}

/** The element with its values as fields, over those that its generator gave. */
function withDecisions(generated: GeneratedElement, verdicts: readonly TunedVerdict[]): GeneratedElement {
  const element: JsonObject = { ...generated.element };
  for (const verdict of verdicts) setOwn(element, verdict.entry.name, toField(verdict));
  return { ...generated, element, decisions: verdicts.map(({ standing }) => standing) };
}

/** What templates see: a number where it has no unit, else the quantity's text. */
function toField({ entry, standing, amount }: TunedVerdict): string | number | bigint {
  const { unit } = entry.rules;
  const isPlain = unit === 'number' || unit === 'integer';
  return isPlain ? quantityToNumber({ nanos: amount, format: 'DecimalSI' }) : standing.value;
}

function toHeld({ element, verdicts }: Case): HeldElement {
  const messages = verdicts.flatMap((verdict) => ('missing' in verdict ? [verdict.missing] : []));
  return { element, reason: 'InputMissing', message: messages.join('; ') };
}

function describeMissing(cases: readonly Case[]): string {
  const shown = cases
    .slice(0, MAX_SHOWN)
    .map((it) => `${describeElement(it.element)}: ${toHeld(it).message}`);
  const more = cases.length > shown.length ? [`and ${cases.length - shown.length} more`] : [];
  return [`spec.tune: no element has a valid input`, ...shown, ...more].join('\n');
}
