import type { Decision, StandingDecision } from '../api/decision.ts';
import { SECRET_VALUE } from '../api/element.ts';
import type { Read } from '../api/rendered-resource.ts';
import { isSecret, SECRET_FIELDS } from '../api/resource.ts';
import { formatPath, type Path } from '../api/source.ts';
import type { JsonValue } from '../lib/json.ts';
import type { LeafOrigin } from './change.ts';
import { changedLeaves } from './changed-leaves.ts';
import { describeClosest } from './closest.ts';
import type { DesiredFile } from './desired-file.ts';
import { createFieldMatcher } from './field-matcher.ts';
import { describeOrigin, hideReads, locateLeaf, readsOf, type TemplateSource } from './leaf-origin.ts';

/** At most so many fields of a resource are explained at a time. */
const MAX_FIELDS = 50;

/** Where the fields of one resource come from. */
export interface Explanation {
  readonly fields: readonly FieldExplanation[];
  /** How many more fields there are. */
  readonly omitted: number;
}

/** One leaf as it is rendered now: field, template, decisions, element and answer. */
export interface FieldExplanation extends LeafOrigin {
  readonly field: string;
  readonly value: JsonValue;
  readonly decisions: readonly ExplainedDecision[];
}

/** A decision, and what its input reads of the element now. */
export interface ExplainedDecision extends StandingDecision {
  readonly reads: readonly Read[];
  /** Whether the target remembers it; else it is what a pass would decide now. */
  readonly delivered: boolean;
}

/** What is asked. */
interface Question {
  /** The field or what stands below it; absent: the whole resource. */
  readonly field?: string;
  readonly set: TemplateSource;
  /** The decisions that the target remembers. */
  readonly delivered: readonly Decision[];
  /** What the input of the decision with this name reads of the resource's element. */
  readInput(name: string): readonly Read[];
}

/**
 * Explains the leaves of a resource that read something of their element; those that read nothing only where no other
 * is asked for. Throws for a field that the resource does not have, naming the closest.
 */
export function explainResource({ rendered }: DesiredFile, question: Question): Explanation {
  const { field = '', set, delivered, readInput } = question;
  const leaves = findLeaves(rendered.resource, field);
  const origin = describeOrigin(rendered);
  // What a Secret is to hold is as secret as what one holds.
  const hidden = { ...rendered, from: { ...rendered.from, isSecret: true } };
  const inputs = new Map<string, readonly Read[]>();

  function explainDecision(decision: StandingDecision): ExplainedDecision {
    const reads = inputs.get(decision.name) ?? hideReads(readInput(decision.name), rendered.from);
    inputs.set(decision.name, reads);
    return { ...decision, reads, delivered: delivered.some((one) => isSame(one, decision)) };
  }

  const explained = leaves.map(({ path, value }): FieldExplanation => {
    const isData = isSecret(rendered.resource) && SECRET_FIELDS.includes(String(path[0]));
    const { reads, decisions } = readsOf(isData ? hidden : rendered, path);
    const isHidden = isData || (rendered.from.isSecret && reads.length > 0);
    const at = locateLeaf(set, { template: rendered.template, path });
    const shown = isHidden ? SECRET_VALUE : value;
    const leaf = { field: formatPath(path), value: shown, ...origin, at, reads };
    return { ...leaf, decisions: decisions.map(explainDecision) };
  });
  const reading = explained.filter(({ reads }) => reads.length > 0);
  const shown = reading.length > 0 ? reading : explained;
  return { fields: shown.slice(0, MAX_FIELDS), omitted: Math.max(0, shown.length - MAX_FIELDS) };
}

function isSame(one: Decision, other: Decision): boolean {
  const { element, name, value, since } = other;
  return one.element === element && one.name === name && one.value === value && one.since === since;
}

/** The leaves of a field, with their values. */
function findLeaves(document: JsonValue, field: string): { path: Path; value: JsonValue }[] {
  const leaves = [...changedLeaves(undefined, document)].map(({ path, after }) => ({
    path,
    value: after as JsonValue,
  }));
  const matches = createFieldMatcher(field);
  const found = leaves.filter(({ path }) => matches(path));
  if (found.length > 0) return found;
  const fields = leaves.map(({ path }) => formatPath(path));
  throw new Error(`no field ${JSON.stringify(field)}${describeClosest(field, fields)}`);
}
