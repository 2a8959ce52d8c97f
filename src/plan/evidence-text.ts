import type { StandingDecision } from '../api/decision.ts';
import type { Read } from '../api/rendered-resource.ts';
import { escapeText } from '../lib/escape-text.ts';
import type { Change, Evidence } from './change.ts';
import { decisionPath } from './leaf-origin.ts';

/** The most that evidence may say: scalars and decisions read, bytes of one of these. */
const MAX_FACTS = 10;
const MAX_BYTES = 64;
const MAX_NAME_BYTES = 200;
const MAX_QUERY_BYTES = 1000;

/** Every changed value of a resource, old -> new, a line each; none of one that is new or gone. */
export function describeFields({ action, evidence }: Change): string[] {
  return action === 'configured' ? evidence.filter(isShown).map(describeField) : [];
}

/**
 * For each element of the changes, a line each as Git's trailers are: what was asked, what was decided, and which
 * scalars of the answer the changed leaves read. Control characters are escaped, so that no value can forge a line.
 */
export function describeFacts(changes: readonly Change[]): string[] {
  const shown = new Map<string, Fact>();
  for (const fact of factsOf(changes.flatMap(({ evidence }) => evidence))) {
    if (shown.size === MAX_FACTS) break;
    shown.set(JSON.stringify(fact), fact);
  }
  const groups = Map.groupBy(shown.values(), ({ origin }) => origin);
  return [...groups].flatMap(([origin, facts]) => [...origin.split('\n'), ...facts.map(({ line }) => line)]);
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

function short(text: string): string {
  return escapeText(text, MAX_BYTES);
}
