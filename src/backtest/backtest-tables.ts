import { escapeText } from '../lib/escape-text.ts';
import type { Backtest, Figures, FixedSource, Outlay, PastChange, PastCommit } from './backtest-result.ts';
import { amountUnit, formatAmount, formatHours } from './format-figures.ts';
import { formatTime } from './period.ts';

/** Bytes of a cell that came from outside. */
const MAX_CELL = 120;

/** A table for people: its headers, and a text for each column of each row. */
export interface BacktestTable {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How the source of a fixed value is named. */
const FIXED_SOURCES: Readonly<Record<FixedSource, string>> = {
  option: 'given',
  target: 'in the target now',
  lastDecision: 'decided last',
};

/** A backtest as tables: what it came to, the commits, the decisions, what was held or failed, and the figures. */
export function backtestTables(result: Backtest): BacktestTable[] {
  const tables = [
    summaryTable(result),
    commitTable(result),
    decisionTable(result),
    noteTable(result),
    figureTable(result),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function summaryTable({ namespace, name, period, steps, commits, held, failed }: Backtest): BacktestTable {
  const timesHeld = new Set(held.map(({ time }) => time)).size;
  const counts = [steps, commits.length, timesHeld, failed.length].map(String);
  return {
    headers: ['set', 'from', 'to', 'steps', 'commits', 'held', 'failed'],
    rows: [[`${namespace}/${name}`, formatTime(period.from), formatTime(period.to), ...counts]],
  };
}

function commitTable({ commits }: Backtest): BacktestTable {
  return {
    headers: ['commit', 'action', 'resource', 'field', 'before', 'after'],
    rows: commits.flatMap((commit) => [
      ...commit.changes.flatMap((change) => changeRows(commit, change)),
      ...more(commit),
    ]),
  };
}

/** A line for each leaf of a resource that is changed; one for each that is new or gone. */
function changeRows({ time }: PastCommit, { resource, action, fields }: PastChange): string[][] {
  const start = [formatTime(time), action, cell(resource)];
  if (action !== 'configured' || fields.length === 0) return [start];
  return fields.map(({ field, before, after }) => [...start, ...[field, before, after].map(cell)]);
}

function more({ time, omitted }: PastCommit): string[][] {
  return omitted === 0 ? [] : [[formatTime(time), '', `and ${omitted} more`]];
}

function decisionTable({ commits }: Backtest): BacktestTable {
  return {
    headers: ['decision', 'element', 'name', 'before', 'after', 'rule', 'input'],
    rows: commits.flatMap(({ time, decisions }) =>
      decisions.map(({ element, name, previous, value, rule, input }) => [
        formatTime(time),
        ...[element, name, previous, value, rule, input].map(cell),
      ]),
    ),
  };
}

function noteTable({ held, failed }: Backtest): BacktestTable {
  const notes = [
    ...held.map((note) => ({ ...note, what: 'held' })),
    ...failed.map((note) => ({ ...note, what: 'failed' })),
  ].sort((a, b) => a.time - b.time);
  return {
    headers: ['step', 'outcome', 'message'],
    rows: notes.map(({ time, what, message }) => [
      formatTime(time),
      what,
      escapeText(firstLine(message), 300),
    ]),
  };
}

function figureTable({ figures }: Backtest): BacktestTable {
  return {
    headers: ['element', 'name', 'value', 'hours', 'hours above', 'over-provisioned', 'hours without data'],
    rows: figures.flatMap((one) => {
      const { value, source } = one.fixed;
      const fixed = `fixed ${value} (${FIXED_SOURCES[source]})`;
      return [figureRow(one, 'decided', one.decided), figureRow(one, fixed, one.fixed)];
    }),
  };
}

function figureRow(
  { element, name, unit, measured, withoutData }: Figures,
  value: string,
  outlay: Outlay,
): string[] {
  const amount = `${formatAmount(outlay.overProvisioned, unit)} ${amountUnit(unit)}`;
  const hours = [formatHours(measured), formatHours(outlay.exceeded), amount, formatHours(withoutData)];
  return [cell(element), name, value, ...hours];
}

function cell(text = '-'): string {
  return escapeText(text === '' ? '-' : text, MAX_CELL);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
