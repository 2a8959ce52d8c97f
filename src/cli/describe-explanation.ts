import type { Read } from '../api/rendered-resource.ts';
import { escapeText } from '../lib/escape-text.ts';
import { canonicalJson, type JsonValue } from '../lib/json.ts';
import type { ExplainedDecision, FieldExplanation } from '../plan/explain.ts';
import { decisionPath } from '../plan/leaf-origin.ts';
import type { Colors } from './streams.ts';

/** What is shown of a scalar, of a query, and of a text of many lines. */
const MAX_BYTES = 64;
const MAX_QUERY_BYTES = 1000;
const MAX_LINES = 20;
const MAX_READS = 10;

/** One link of a chain: what it is, and its lines. */
export type Link = readonly [what: string, first: string, ...more: string[]];

/**
 * The chain of each field, a link a line or more, from the field back to the answer. Neighbours that come from the same
 * place, as all fields of one text do, share theirs.
 */
export function describeFields(fields: readonly FieldExplanation[], colors: Colors): string {
  const blocks: { heads: string[]; chain: string }[] = [];
  for (const field of fields) {
    const chain = describeChain(field, colors);
    const head = `${colors.bold(escapeText(field.field, MAX_QUERY_BYTES))} = ${describeValue(field.value)}\n`;
    const last = blocks.at(-1);
    if (last?.chain === chain) last.heads.push(head);
    else blocks.push({ heads: [head], chain });
  }
  return blocks.map(({ heads, chain }) => `\n${heads.join('')}${chain}`).join('');
}

function describeChain(field: FieldExplanation, colors: Colors): string {
  const links = [
    templateLink(field),
    ...field.decisions.map(decisionLink),
    ...(field.reads.length > 0 ? [elementLink(field), answerLink(field)] : []),
  ];
  return formatLinks(links, colors);
}

/** The links of a chain, each on lines of its own. */
export function formatLinks(links: readonly Link[], colors: Colors): string {
  const width = Math.max(...links.map(([what]) => what.length));
  const lines = links.flatMap(([what, first, ...more]) => [
    `  ${colors.dim('<-')} ${what.padEnd(width)}  ${first}`,
    ...more.map((text) => `${' '.repeat(width + 7)}${text}`),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** A text of many lines stands below its field, as it would in YAML. */
export function describeValue(value: JsonValue): string {
  if (typeof value !== 'string') return escapeText(canonicalJson(value), MAX_BYTES);
  const lines = value.replace(/\n$/, '').split('\n');
  if (lines.length === 1) return escapeText(JSON.stringify(value), MAX_QUERY_BYTES);
  const shown = lines.slice(0, MAX_LINES).map((line) => `      ${escapeText(line, MAX_QUERY_BYTES)}`);
  if (lines.length > MAX_LINES) shown.push(`      ... and ${lines.length - MAX_LINES} lines more`);
  return ['|', ...shown].join('\n');
}

function templateLink({ template, at, reads }: FieldExplanation): Link {
  const place = at === undefined ? '' : `, ${escapeText(at, MAX_QUERY_BYTES)}`;
  const nothing = reads.length > 0 ? '' : ', which reads nothing of the element for it';
  return ['template', `spec.templates[${template}]${place}${nothing}`];
}

/** A decision: its value, its rule, and why it is not what the input says. */
export function decisionLink(decision: Omit<ExplainedDecision, 'reads'>): Link {
  const { name, value, rule, input, previous, since, reason, proposed, delivered } = decision;
  const was = previous === undefined ? 'the first value' : `was ${short(previous)}`;
  const when = delivered ? `since ${short(since)}` : 'not delivered yet';
  const said = `${name} = ${short(value)}: ${rule} from ${short(input)}, ${was}, ${when}`;
  if (reason === undefined) return ['decision', said];
  const now = proposed === undefined ? 'the input says nothing valid' : `the input says ${short(proposed)}`;
  return ['decision', said, `kept: ${reason}; ${now}`];
}

/** An element without a key is named by its place, which says its generator already. */
function elementLink({ element, generator, generatorName }: FieldExplanation): Link {
  const name = escapeText(element, MAX_QUERY_BYTES);
  const from = `generators[${generator}].${generatorName}`;
  return ['element', element.startsWith(`${from}[`) ? `spec.${name}` : `${name}, of spec.${from}`];
}

/** What was read of the answer: by the field itself, and by the inputs of its decisions in place of these. */
function answerLink({ reads, decisions, query, evaluated, sampled }: FieldExplanation): Link {
  const decided = new Set(decisions.map(decisionPath));
  const own = reads.filter(({ path }) => !decided.has(path));
  const all = [...own, ...decisions.flatMap((decision) => decision.reads)];
  const distinct = [...new Map(all.map((read) => [read.path, read])).values()];
  const lines = distinct.slice(0, MAX_READS).map(describeRead);
  if (distinct.length > MAX_READS) lines.push(`... and ${distinct.length - MAX_READS} more`);
  if (query !== undefined) lines.push(`query: ${escapeText(query, MAX_QUERY_BYTES)}`);
  if (evaluated !== undefined) lines.push(`evaluated: ${short(evaluated)}`);
  if (sampled !== undefined) lines.push(`sampled: ${short(sampled)}`);
  const [first = 'nothing of it is read now', ...more] = lines;
  return ['answer', first, ...more];
}

function describeRead({ path, value }: Read): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `${escapeText(path, MAX_QUERY_BYTES)} = ${short(shown)}`;
}

function short(text: string): string {
  return escapeText(text, MAX_BYTES);
}
