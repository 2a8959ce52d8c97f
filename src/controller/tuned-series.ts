import type { Decision, DecisionRule } from '../api/decision.ts';
import { SECRET_VALUE } from '../api/element.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { type TuneUnit, tuneUnit } from '../api/tune-rules.ts';
import { sha256 } from '../lib/digest.ts';
import { parseQuantity, quantityToNumber } from '../lib/quantity.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import type { TunedSeries } from './set-record.ts';

/** Characters of the key of an element in a label. */
const MAX_ELEMENT = 128;
/** Characters of a digest that tell long keys apart that begin alike. */
const DIGEST = 8;

/** Prometheus counts in base units: https://prometheus.io/docs/practices/naming/#base-units */
const UNITS: Readonly<Record<TuneUnit, TunedSeries['unit']>> = {
  memory: 'bytes',
  cpu: 'cores',
  number: 'none',
  integer: 'none',
};

const BOUNDS: Partial<Record<DecisionRule, 'min' | 'max'>> = { AtMaximum: 'max', AtMinimum: 'min' };

/** The tuned values that stand after a pass, and those that are held beside them. */
export function toTunedSeries(
  { spec }: GeneratorSet,
  { plan, decisions, remembered = [], secretElements }: Outcome,
): TunedSeries[] {
  const changes = plan.heldChanges?.changes ?? [];
  // A held plan leaves everything as it was: what it decided is proposed.
  const proposals = plan.held ? decisions.map(({ value, ...rest }) => ({ ...rest, proposed: value })) : [];
  const proposed = new Map([...proposals, ...changes].map((it) => [idOf(it), it.proposed]));
  const standing = (plan.held ? remembered : decisions).filter(
    ({ element }) => !secretElements?.has(element),
  );
  return describeDecisions(spec.tune, standing, proposed);
}

/** The tuned values that a status tells of, where no pass has been made since the process began. */
export function standingSeries({ spec }: GeneratorSet, decisions: readonly Decision[]): TunedSeries[] {
  return describeDecisions(spec.tune, decisions, new Map());
}

function describeDecisions(
  tune: GeneratorSet['spec']['tune'] = [],
  decisions: readonly Decision[],
  proposed: ReadonlyMap<string, string>,
): TunedSeries[] {
  const units = new Map(tune.map((entry) => [entry.name, UNITS[tuneUnit(entry)]]));
  const series = new Map<string, TunedSeries>();
  for (const decision of decisions) {
    const unit = units.get(decision.name);
    // What came from a Secret is nobody's to see.
    if (unit === undefined || decision.input === SECRET_VALUE) continue;
    const instead = proposed.get(idOf(decision));
    const bound = BOUNDS[decision.rule];
    // Prometheus takes each series once, and only what is Unicode.
    const element = toLabel(decision.element).toWellFormed();
    series.set(idOf({ element, name: decision.name }), {
      ...{ element, tune: decision.name, unit, value: toNumber(decision.value) },
      ...(instead !== undefined && instead !== decision.value && { proposed: toNumber(instead) }),
      ...(bound !== undefined && { bound }),
    });
  }
  return [...series.values()];
}

function idOf({ element, name }: Pick<Decision, 'element' | 'name'>): string {
  return JSON.stringify([element, name]);
}

function toLabel(element: string): string {
  if (element.length <= MAX_ELEMENT) return element;
  return `${element.slice(0, MAX_ELEMENT - DIGEST - 1)}~${sha256(element).slice(-DIGEST)}`;
}

function toNumber(value: string): number {
  return Number(quantityToNumber(parseQuantity(value)));
}
