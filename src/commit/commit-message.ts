import type { StandingDecision } from '../api/decision.ts';
import type { Read } from '../api/rendered-resource.ts';
import { describeResource } from '../api/resource.ts';
import { escapeText } from '../lib/escape-text.ts';
import type { Change, Evidence } from '../plan/change.ts';
import { decisionPath } from '../plan/leaf-origin.ts';
import type { Plan } from '../plan/plan.ts';

/** The most that evidence may say: lines of changed values, scalars and decisions read, bytes of one of these. */
const MAX_FIELDS = 50;
const MAX_FACTS = 10;
const MAX_BYTES = 64;
const MAX_NAME_BYTES = 200;
const MAX_QUERY_BYTES = 1000;

const SUBJECT_LENGTH = 72;

/** What each action does to a resource, as a commit's subject says it. */
const VERBS: Readonly<Record<string, string>> = { created: 'add', configured: 'update', deleted: 'remove' };

/**
 * The message of the commit that delivers a plan: a subject, every changed value old -> new, and trailers
 * that carry the evidence. Control characters are escaped, so no value can forge a trailer.
 */
export function commitMessage(set: { namespace: string; name: string }, plan: Plan): string {
  const changes = plan.changes.filter((change) => change.action in VERBS);
  const paragraphs = [subject(set, changes), describeChanges(changes), trailers(set, changes)];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

function subject(set: { name: string }, changes: readonly Change[]): string {
  const [first] = changes;
  if (!first) return shorten(`${set.name}: record the inventory`, SUBJECT_LENGTH);
  if (changes.length === 1)
    return shorten(`${set.name}: ${VERBS[first.action]} ${nameOf(first)}`, SUBJECT_LENGTH);
  const counts = Object.entries(VERBS)
    .map(([action, verb]) => ({ verb, count: changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ verb, count }) => `${verb} ${count}`);
  return shorten(`${set.name}: ${counts.join(', ')} resources`, SUBJECT_LENGTH);
}

function describeChanges(changes: readonly Change[]): string {
  const lines = changes.flatMap((change) => [
    `${nameOf(change)} ${change.action}`,
    ...change.evidence
      .filter((evidence) => change.action === 'configured' && isShown(evidence))
      .map(describeField),
  ]);
  if (lines.length <= MAX_FIELDS) return lines.join('\n');
  return [...lines.slice(0, MAX_FIELDS), `... and ${lines.length - MAX_FIELDS} lines more`].join('\n');
}

function isShown(evidence: Evidence): boolean {
  return evidence.before !== undefined || evidence.after !== undefined;
}

function describeField({ field, before, after }: Evidence): string {
  return `  ${escapeText(field, MAX_NAME_BYTES)}: ${showValue(before)} -> ${showValue(after)}`;
}

/** One thing that a changed leaf read, with the lines that say whom it is from. */
interface Fact {
  readonly origin: string;
  readonly line: string;
}

/** For each element: what was asked, what was decided, and which scalars of the answer the changed leaves read. */
function trailers(set: { namespace: string; name: string }, changes: readonly Change[]): string {
  const evidence = changes.flatMap((change) => change.evidence);
  const shown = new Map<string, Fact>();
  for (const fact of factsOf(evidence)) {
    if (shown.size === MAX_FACTS) break;
    shown.set(JSON.stringify(fact), fact);
  }
  const groups = Map.groupBy(shown.values(), ({ origin }) => origin);
  const lines = [...groups].flatMap(([origin, facts]) => [origin, ...facts.map(({ line }) => line)]);
  return [`GeneratorSet: ${set.namespace}/${set.name}`, ...lines].join('\n');
}

/** Decisions first: where there is too much to tell, they say more than what else was read. */
function* factsOf(evidence: readonly Evidence[]): Generator<Fact> {
  for (const one of evidence) {
    for (const decision of one.decisions)
      yield { origin: describeOrigin(one), line: describeDecision(decision) };
  }
  for (const one of evidence) {
    const decided = new Set(one.decisions.map(decisionPath));
    for (const read of one.reads)
      if (!decided.has(read.path)) yield { origin: describeOrigin(one), line: describeAnswer(read) };
  }
}

function describeOrigin({ element, query, evaluated, sampled }: Evidence): string {
  const lines = [`Element: ${short(element)}`];
  if (query !== undefined) lines.push(`Query: ${escapeText(query, MAX_QUERY_BYTES)}`);
  if (evaluated !== undefined) lines.push(`Evaluated: ${short(evaluated)}`);
  if (sampled !== undefined) lines.push(`Sampled: ${short(sampled)}`);
  return lines.join('\n');
}

/** `Decision: limit = 448Mi (Computed, was 384Mi, from 365432832)`, and why it is not what the input says now. */
function describeDecision({ name, value, rule, previous, input, reason }: StandingDecision): string {
  const facts = [
    rule,
    ...(previous === undefined ? [] : [`was ${short(previous)}`]),
    `from ${short(input)}`,
    ...(reason === undefined ? [] : [`kept: ${reason}`]),
  ];
  return `Decision: ${short(name)} = ${short(value)} (${facts.join(', ')})`;
}

function describeAnswer({ path, value }: Read): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `Answer: ${escapeText(path, MAX_NAME_BYTES)} = ${short(shown)}`;
}

function showValue(value: string | undefined): string {
  return value === undefined ? '(none)' : short(value);
}

/** A line that began with `---` would end the message for Git, and hide its trailers. */
function nameOf(change: Change): string {
  const name = change.resource ? describeResource(change.resource) : change.id;
  return escapeText(name, MAX_NAME_BYTES).replace(/^-/, '\\u{2d}');
}

function short(text: string): string {
  return escapeText(text, MAX_BYTES);
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
