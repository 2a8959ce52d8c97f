import type { Backtest, Figures, PastCommit, PastNote } from './backtest-result.ts';
import { amountUnit, formatAmount, formatHours } from './format-figures.ts';
import { formatTime } from './period.ts';

const COLUMNS = [
  'record',
  'time',
  'element',
  'name',
  'action',
  'resource',
  'field',
  'before',
  'after',
  'rule',
  'input',
  'message',
  'value',
  'source',
  'hours',
  'hoursExceeded',
  'overProvisioned',
  'amountUnit',
  'hoursWithoutData',
  'hoursWithoutDecision',
] as const;

/** One line; columns that are absent are empty. */
type Row = { readonly [Column in (typeof COLUMNS)[number]]?: string };

const DECIMALS = 6;

/**
 * A backtest as CSV (RFC 4180): one line for each changed leaf, decision, step that was held or failed, and figure,
 * told apart by `record`.
 */
export function backtestCsv({ commits, held, failed, figures, missing }: Backtest): string {
  const rows: Row[] = [
    ...commits.flatMap((commit) => [...changeRows(commit), ...decisionRows(commit)]),
    ...held.map((note) => noteRow('held', note)),
    ...failed.map((note) => noteRow('failed', note)),
    ...figures.flatMap(figureRows),
    ...missing.map(({ isFailure, ...rest }): Row => ({ record: 'missing', ...rest })),
  ];
  const lines = rows.map((row) => COLUMNS.map((column) => field(row[column] ?? '')).join(','));
  return [COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function changeRows({ time, changes }: PastCommit): Row[] {
  return changes.flatMap(({ resource, action, fields }) => {
    const row = { record: 'change', time: formatTime(time), action, resource };
    return fields.length === 0 ? [row] : fields.map((changed) => ({ ...row, ...changed }));
  });
}

function decisionRows({ time, decisions }: PastCommit): Row[] {
  return decisions.map(({ element, name, previous, value, rule, input }) => ({
    record: 'decision',
    time: formatTime(time),
    element,
    name,
    ...(previous !== undefined && { before: previous }),
    ...(value !== undefined && { after: value }),
    ...(rule !== undefined && { rule }),
    ...(input !== undefined && { input }),
  }));
}

function noteRow(record: string, { time, message }: PastNote): Row {
  return { record, time: formatTime(time), message };
}

function figureRows({ element, name, unit, decided, fixed, ...times }: Figures): Row[] {
  const about = {
    record: 'figure',
    element,
    name,
    amountUnit: amountUnit(unit),
    hours: formatHours(times.measured, DECIMALS),
    hoursWithoutData: formatHours(times.withoutData, DECIMALS),
    hoursWithoutDecision: formatHours(times.withoutDecision, DECIMALS),
  };
  return [{ source: 'decided', ...decided }, fixed].map(({ exceeded, overProvisioned, ...outlay }) => ({
    ...about,
    ...outlay,
    hoursExceeded: formatHours(exceeded, DECIMALS),
    overProvisioned: formatAmount(overProvisioned, unit, DECIMALS),
  }));
}

/** What a spreadsheet would take for a formula is made a text by an apostrophe, as OWASP advises. */
function field(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
