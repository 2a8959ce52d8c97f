import type { ElementState } from '../api/element-state.ts';
import type { Read } from '../api/rendered-resource.ts';
import { describeResource } from '../api/resource.ts';
import { escapeText } from '../lib/escape-text.ts';
import type { Change, Evidence } from '../plan/change.ts';
import { countActions, nameChange } from './describe-plan.ts';
import { type DecisionChange, decisionsOf, type PlanReport } from './plan-report.ts';
import type { Colors } from './streams.ts';
import { formatTable } from './table.ts';

/** What people still read: rows of a table, scalars of a leaf. The rest is in the JSON. */
const MAX_ROWS = 100;
const MAX_READS = 3;

/** Bytes of a name, and of a value. */
const MAX_NAME = 200;
const MAX_VALUE = 80;

/** What each action looks like at the beginning of a line. */
const MARKS = { created: '+', configured: '~', deleted: '-', skipped: '!', unchanged: '=' } as const;

interface TextOptions {
  readonly colors: Colors;
  /** The command that approves this digest; without one the command that delivers the plan. */
  commandFor(digest?: string): string;
  /** The command that shows the plan as if this digest were approved. */
  previewFor(digest: string): string;
}

/** A plan as people read it: resources, elements, tuned values, then what becomes of it and what to do. */
export function formatPlan(report: PlanReport, options: TextOptions): string {
  const { colors } = options;
  const { loaded, target, previous, plan, rendered } = report;
  const { namespace, name } = loaded.set.metadata;
  const sections = [
    [
      colors.bold(`${namespace}/${name}`),
      `  target: ${target}`,
      ...(previous.revision === undefined ? [] : [`  revision: ${previous.revision}`]),
    ],
    plan.changes
      .filter(({ action }) => action !== 'unchanged')
      .flatMap((change) => describeChange(change, colors)),
    describeElements(rendered.elements),
    describeDecisions(decisionsOf(report)),
    describeVerdict(report, options),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function describeChange(change: Change, colors: Colors): string[] {
  const { action, path, reason, evidence } = change;
  const unrendered = change.shown ? nameChange(change) : change.id;
  const name = escapeText(change.resource ? describeResource(change.resource) : unrendered, MAX_NAME);
  const paint = { created: colors.green, configured: colors.yellow, deleted: colors.red };
  const word = action === 'skipped' ? 'left as it is' : action;
  const why = reason === undefined ? '' : `: ${escapeText(reason, MAX_NAME)}`;
  const line = `${MARKS[action]} ${name}  ${word}${why}`;
  const painted = action in paint ? paint[action as keyof typeof paint](line) : line;
  const file = path === change.id ? [] : [`      file ${escapeText(path, MAX_NAME)}`];
  return [`  ${painted}`, ...file, ...evidence.flatMap(describeLeaf)];
}

/** The leaf, and below it the decisions that it shows; without any the scalars of the element that it read. */
function describeLeaf({ field, before, after, reads, decisions }: Evidence): string[] {
  const values = before === undefined ? showValue(after) : `${showValue(before)} -> ${showValue(after)}`;
  // A line of a text is told with the reads of the whole text.
  const shown = decisions.filter(({ value }) => after?.includes(value));
  const relevant = shown.length > 0 ? shown : decisions;
  const causes = relevant.length > 0 ? relevant.map(describeDecision) : describeReads(reads);
  return [`      ${escapeText(field, MAX_NAME)}: ${values}`, ...causes.map((cause) => `          ${cause}`)];
}

function describeDecision({
  name,
  value,
  rule,
  input,
  previous,
  reason,
}: Evidence['decisions'][number]): string {
  const was = previous === undefined ? '' : `, before ${previous}`;
  const why = reason === undefined ? '' : `; held: ${reason}`;
  return `${name} ${value}: ${rule} from ${escapeText(input, MAX_VALUE)}${was}${why}`;
}

function describeReads(reads: readonly Read[]): string[] {
  const shown = reads.slice(0, MAX_READS).map(({ path, value }) => {
    const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
    return `${escapeText(path, MAX_NAME)} = ${escapeText(text, MAX_VALUE)}`;
  });
  return reads.length > MAX_READS ? [...shown, `and ${reads.length - MAX_READS} more`] : shown;
}

function showValue(value: string | undefined): string {
  if (value === undefined) return '(none)';
  const lines = value.trimEnd().split('\n').length;
  return lines > 1 ? `(${lines} lines)` : escapeText(value, MAX_VALUE);
}

/** How many there are, and those with something to tell. */
function describeElements(elements: readonly ElementState[]): string[] {
  if (elements.length === 0) return [];
  const held = elements.filter(({ phase }) => phase === 'Held').length;
  const notable = elements.filter(({ phase, message }) => phase === 'Held' || message !== '');
  const rows = notable.map(({ key, phase, reason, message }) => [key, phase, reason, message]);
  const count = elements.length === 1 ? '1 element' : `${elements.length} elements`;
  const title = `  ${count}, ${held === 0 ? 'none' : held} held`;
  return rows.length === 0 ? [title] : [title, ...table(['element', 'phase', 'reason', 'message'], rows)];
}

function describeDecisions(decisions: readonly DecisionChange[]): string[] {
  if (decisions.length === 0) return [];
  const rows = decisions.map(({ element, name, before, value, input, rule, reason, proposed, since }) => [
    element,
    name,
    before === undefined || before === value ? value : `${before} -> ${value}`,
    rule,
    input,
    since,
    reason === undefined ? '' : `${reason}${proposed === undefined ? '' : `, instead of ${proposed}`}`,
  ]);
  return ['  tuned values', ...table(['element', 'name', 'value', 'rule', 'from', 'since', 'reason'], rows)];
}

function table(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const shown = rows.slice(0, MAX_ROWS).map((row) => row.map((cell) => escapeText(cell, MAX_NAME)));
  const lines = formatTable(headers, shown).trimEnd().split('\n');
  const more =
    rows.length > MAX_ROWS ? [`... and ${rows.length - MAX_ROWS} more: see them with -o json`] : [];
  return [...lines, ...more].map((line) => `    ${line}`);
}

/** What would become of the plan, and the command for it. */
function describeVerdict(
  { plan, isReal, loaded }: PlanReport,
  { colors, commandFor, previewFor }: TextOptions,
): string[] {
  const { held, heldChanges, digest } = plan;
  const lines = [`  ${countActions(plan)}; digest ${digest}`];
  if (loaded.set.spec.suspend) lines.push('  the set is suspended: no pass is made over it');
  if (held) {
    lines.push(
      colors.yellow(`  held by spec.guard.${held.rule}: ${held.message}`),
      '  Nothing of it is delivered until exactly this plan is approved:',
      `    ${commandFor(digest)}`,
    );
  } else if (isReal) lines.push('  To deliver it:', `    ${commandFor()}`);
  else lines.push(`  Nothing ${heldChanges ? 'else ' : ''}is to be done.`);
  if (!heldChanges) return lines;
  return [
    ...lines,
    '',
    colors.yellow(`  held by spec.guard.maxChange: ${heldChanges.message}`),
    ...table(
      ['element', 'name', 'value', 'proposed'],
      heldChanges.changes.map(({ element, name, value, proposed }) => [element, name, value, proposed]),
    ),
    ...(held
      ? [
          '  They keep their values until exactly these changes are approved. Deliver the plan, then plan again for them;',
          '  or see what both come to, with the command that approves it:',
          `    ${previewFor(heldChanges.digest)}`,
        ]
      : [
          '  They keep their values until exactly these changes are approved:',
          `    ${commandFor(heldChanges.digest)}`,
        ]),
  ];
}
