import type { Read } from '../api/rendered-resource.ts';
import { describeResource } from '../api/resource.ts';
import type { Change, Evidence } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';

/** The most that evidence may say: lines of changed values, scalars read, bytes of one of these. */
const MAX_FIELDS = 50;
const MAX_READS = 10;
const MAX_BYTES = 64;
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
  return `  ${escapeText(field, 200)}: ${showValue(before)} -> ${showValue(after)}`;
}

/** For each element and query: what was asked, and which of the answer's scalars the changed leaves read. */
function trailers(set: { namespace: string; name: string }, changes: readonly Change[]): string {
  const facts = changes
    .flatMap((change) => change.evidence)
    .flatMap(({ element, query, reads }) =>
      reads.map((read) => ({ element, query, answer: describeRead(read) })),
    );
  const distinct = new Map(facts.map((fact) => [JSON.stringify(fact), fact]));
  const shown = [...distinct.values()].slice(0, MAX_READS);
  const groups = Map.groupBy(shown, ({ element, query }) => JSON.stringify([element, query]));
  const lines = [...groups.values()].flatMap((group) => [
    ...describeOrigin(group[0] as { element: string; query?: string }),
    ...group.map(({ answer }) => `Answer: ${answer}`),
  ]);
  return [`GeneratorSet: ${set.namespace}/${set.name}`, ...lines].join('\n');
}

function describeOrigin({ element, query }: { element: string; query?: string | undefined }): string[] {
  const lines = [`Element: ${escapeText(element)}`];
  return query === undefined ? lines : [...lines, `Query: ${escapeText(query, MAX_QUERY_BYTES)}`];
}

function describeRead({ path, value }: Read): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `${escapeText(path, 200)} = ${escapeText(shown)}`;
}

function showValue(value: string | undefined): string {
  return value === undefined ? '(none)' : escapeText(value);
}

function nameOf(change: Change): string {
  return escapeText(change.resource ? describeResource(change.resource) : change.id, 200);
}

/** One line of printable text of at most so many bytes: control and invisible characters are escaped. */
function escapeText(text: string, bytes = MAX_BYTES): string {
  const oneLine = text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return truncate(oneLine, bytes);
}

function truncate(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes - 3;
  while (((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${encoded.toString('utf8', 0, end)}...`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
