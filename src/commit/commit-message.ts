import { describeResource } from '../api/resource.ts';
import { escapeText } from '../lib/escape-text.ts';
import type { Change } from '../plan/change.ts';
import { describeFacts, describeFields } from '../plan/evidence-text.ts';
import type { Plan } from '../plan/plan.ts';

/** Lines of changed values, and bytes of a name. */
const MAX_FIELDS = 50;
const MAX_NAME_BYTES = 200;

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
    ...describeFields(change),
  ]);
  if (lines.length <= MAX_FIELDS) return lines.join('\n');
  return [...lines.slice(0, MAX_FIELDS), `... and ${lines.length - MAX_FIELDS} lines more`].join('\n');
}

function trailers(set: { namespace: string; name: string }, changes: readonly Change[]): string {
  return [`GeneratorSet: ${set.namespace}/${set.name}`, ...describeFacts(changes)].join('\n');
}

/** A line that began with `---` would end the message for Git, and hide its trailers. */
function nameOf(change: Change): string {
  const name = change.resource ? describeResource(change.resource) : change.id;
  return escapeText(name, MAX_NAME_BYTES).replace(/^-/, '\\u{2d}');
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
