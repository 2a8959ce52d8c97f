import type { StandingDecision } from '../api/decision.ts';
import { SECRET_VALUE } from '../api/element.ts';
import type { Resource } from '../api/resource.ts';
import { formatPath } from '../api/source.ts';
import { canonicalJson, type JsonValue } from '../lib/json.ts';
import type { Evidence } from './change.ts';
import { changedLeaves, type LeafChange } from './changed-leaves.ts';
import type { DesiredFile } from './desired-file.ts';
import { describeOrigin, locateLeaf, readsOf, type TemplateSource } from './leaf-origin.ts';

/** At most so many changed leaves of one resource are explained. */
const MAX_LEAVES = 50;

/**
 * Where each changed leaf of a resource came from: the field with its old and new value, template, element, what was
 * asked, and the scalars and decisions that the leaf read. For a new resource only leaves that read something.
 */
export function collectEvidence(
  { rendered }: DesiredFile,
  before: Resource | undefined,
  set?: TemplateSource,
): Evidence[] {
  const origin = describeOrigin(rendered);
  const { template } = rendered;
  const evidence: Evidence[] = [];
  for (const leaf of changedLeaves(before, rendered.resource)) {
    if (evidence.length === MAX_LEAVES) break;
    const { path } = leaf;
    const read = leaf.after === undefined ? { reads: [], decisions: [] } : readsOf(rendered, path);
    if (before === undefined && read.reads.length === 0) continue;
    const at = set && { at: locateLeaf(set, { template, path }) };
    const shown = rendered.from.isSecret ? hideLeaf(leaf, read.reads.length > 0) : leaf;
    for (const field of describeLeaf(shown)) evidence.push({ ...field, ...origin, ...at, ...read });
  }
  return evidence.slice(0, MAX_LEAVES);
}

/**
 * Where those leaves came from that read one of these decisions, where nobody knows what the resource was before. Of
 * a leaf that is the decision itself the values are told: the one before is part of the decision.
 */
export function collectDecided(
  { rendered }: DesiredFile,
  isChanged: (decision: StandingDecision) => boolean,
): Evidence[] {
  const origin = describeOrigin(rendered);
  const evidence: Evidence[] = [];
  for (const { path, after } of changedLeaves(undefined, rendered.resource)) {
    if (evidence.length === MAX_LEAVES) break;
    const read = readsOf(rendered, path);
    if (!read.decisions.some(isChanged)) continue;
    const { value, previous } = read.decisions.find((decision) => decision.value === after) ?? {};
    const isKnown = value !== undefined && previous !== undefined && !rendered.from.isSecret;
    const values = isKnown && { before: previous, after: value };
    evidence.push({ field: formatPath(path), ...values, ...origin, ...read });
  }
  return evidence;
}

/** What a leaf was before may be of a Secret too, though it reads nothing now. */
function hideLeaf({ path, before, after }: LeafChange, isRead: boolean): LeafChange {
  return {
    path,
    ...(before !== undefined && { before: SECRET_VALUE }),
    ...(after !== undefined && { after: isRead ? SECRET_VALUE : after }),
  };
}

type FieldChange = Pick<Evidence, 'field' | 'before' | 'after'>;

/** A text of many lines that changes in as many lines as before is told line by line. */
function describeLeaf({ path, before, after }: LeafChange): FieldChange[] {
  const field = formatPath(path);
  if (typeof before === 'string' && typeof after === 'string' && after.includes('\n')) {
    const [old, now] = [before.split('\n'), after.split('\n')];
    if (old.length === now.length) return changedLines(field, old, now);
  }
  return [
    {
      field,
      ...(before !== undefined && { before: showScalar(before) }),
      ...(after !== undefined && { after: showScalar(after) }),
    },
  ];
}

function changedLines(field: string, before: string[], after: string[]): FieldChange[] {
  const changed = after.map((line, index) => ({ line, old: before[index] ?? '', number: index + 1 }));
  return changed
    .filter(({ line, old }) => line !== old)
    .map(({ line, old, number }) => ({
      field: `${field} line ${number}`,
      before: old.trim(),
      after: line.trim(),
    }));
}

function showScalar(value: JsonValue): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
